"""A small linear model of categories, learned from confirmed cases, that helps the rules where it proves better.

Using a model (`model`) needs little; learning one (`judge`, `train`) brings libraries of many megabytes, so that only
the process that learns imports them.
"""

from .features import CategoryFeatures, features_of
from .model import FORMAT, LinearCategories, ModelFileError

__all__ = ["FORMAT", "CategoryFeatures", "LinearCategories", "ModelFileError", "features_of"]
