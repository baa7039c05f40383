"""The pages of the desk: bodies, their registers, and tables that come and go."""
