"""Controllers: from what is seen at a junction to the stage wanted next. Pure."""
