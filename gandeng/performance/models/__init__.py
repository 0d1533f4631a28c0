"""Targets of result areas, and monthly reports with their photos and reviews."""

from gandeng.performance.models.reports import Photo, Report, ReportVersion, Review
from gandeng.performance.models.targets import ReportDay, Target

__all__ = ["Photo", "Report", "ReportDay", "ReportVersion", "Review", "Target"]
