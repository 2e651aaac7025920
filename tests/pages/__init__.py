"""The pages as forms and links: what an officer without JavaScript meets."""
