"""What changes who works where and who accompanies whom."""
