"""The code of ethics and who signed it, ethics cases among those who must know, clarifications against hoaxes."""
