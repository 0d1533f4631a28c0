"""People at screens: Chromium, a server and a worker, on a site of their own."""
