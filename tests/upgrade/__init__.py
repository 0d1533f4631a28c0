"""Data of earlier releases, brought forward by the migrations there are now."""
