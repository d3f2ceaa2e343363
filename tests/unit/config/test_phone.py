import pytest

from config.phone import e164, is_phone, masked, readable


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0967771010", "+84967771010"),
        ("096.777.1010", "+84967771010"),
        ("+84 96 777 1010", "+84967771010"),
        ("84967771010", "+84967771010"),
        ("0084967771010", "+84967771010"),
        ("tel:+84-96-777-1010", "+84967771010"),
        ("sip:0967771010@10.0.0.1:5060;user=phone", "+84967771010"),
        ("sip:%2B84967771010@trunk", "+84967771010"),
        ("028 3930 9912", "+842839309912"),
        ("1900638563", "1900638563"),
        ("+841900638563", "1900638563"),
        ("1900 9095", "19009095"),
        ("115", "115"),
        ("+1 415 555 0100", "+14155550100"),
        ("sip:Chat-Luong@hotline", "chat-luong"),
        ("anonymous", ""),
        ("sip:anonymous@anonymous.invalid", ""),
        ("+266696687", ""),
        ("", ""),
        ("+++", ""),
    ],
)
def test_two_spellings_of_a_number_have_one_form(written: str, number: str) -> None:
    assert e164(written) == number


@pytest.mark.parametrize("number", ["0967771010", "1900638563", "sip:chat-luong@x", "+14155550100", "115"])
def test_the_one_form_is_its_own_form(number: str) -> None:
    assert e164(e164(number)) == e164(number)


@pytest.mark.parametrize("junk", ["đ" * 9999, "0" * 9999, "\x00", "<script>", "sip:@", "tel:", "٠٩٦٧٧٧١٠١٠"])
def test_absurd_numbers_are_cut_to_size_and_never_raise(junk: str) -> None:
    assert len(e164(junk)) <= 64


@pytest.mark.parametrize(
    ("number", "read", "hidden"),
    [
        ("+84967771010", "096 777 1010", "096 ••• ••10"),
        ("+842839309912", "028 3930 9912", "028 •••• ••12"),
        ("1900638563", "1900 638 563", "190• ••• •63"),
        ("chat-luong", "chat-luong", "•••"),
        ("", "", "•••"),
    ],
)
def test_numbers_are_grouped_for_reading_and_hidden_for_the_uncleared(number: str, read: str, hidden: str) -> None:
    assert (readable(number), masked(number)) == (read, hidden)


@pytest.mark.parametrize(
    ("number", "is_one"), [("+84967771010", True), ("115", True), ("chat-luong", False), ("", False)]
)
def test_only_numbers_can_be_dialled(number: str, is_one: bool) -> None:
    assert is_phone(number) is is_one
