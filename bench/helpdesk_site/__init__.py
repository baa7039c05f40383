"""django-helpdesk as its installation guide sets it up, in a virtual environment of its own."""
