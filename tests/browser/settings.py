"""The portal's settings, but nobody must have a second factor to be driven about."""

from kipp_portal.settings import *  # noqa: F403  the settings under test

SECOND_FACTOR_REQUIRED = False
