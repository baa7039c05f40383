"""Signal control: what a junction is, what may be asked of it, what it may never show, and how it is led. Pure."""
