"""A small linear model of categories, learned from confirmed cases, that helps the rules where it proves better."""

from .features import CategoryFeatures, features_of
from .model import FORMAT, LinearCategories, ModelFileError
from .train import Example, Learnt, learn

__all__ = [
    "FORMAT",
    "CategoryFeatures",
    "Example",
    "Learnt",
    "LinearCategories",
    "ModelFileError",
    "features_of",
    "learn",
]
