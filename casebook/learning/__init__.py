"""A small linear model of categories, learned from confirmed cases, that helps the rules where it proves better."""

from .features import CategoryFeatures, features_of
from .judge import LEAST_CASES, Learnt, learn
from .model import FORMAT, LinearCategories, ModelFileError
from .train import Example

__all__ = [
    "FORMAT",
    "LEAST_CASES",
    "CategoryFeatures",
    "Example",
    "Learnt",
    "LinearCategories",
    "ModelFileError",
    "features_of",
    "learn",
]
