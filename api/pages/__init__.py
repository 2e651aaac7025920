"""The web pages: drawn by the server over the same casework and reads as the JSON interface; whole without JavaScript."""
