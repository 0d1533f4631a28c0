// Keeps the shell of the app, so that it opens without network. Answers of the server with data are never kept here.
import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";

// The view writes the list before this text: addresses and digests of what is on the server now.
precacheAndRoute(self.GANDENG_SHELL);
cleanupOutdatedCaches();
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
