"""Demonstration data: the files of `demo/`, loaded as if people had worked here.

Everything goes through the services that people's own work goes through.
"""

from kipp_portal.demo.loading import load

__all__ = ["load"]
