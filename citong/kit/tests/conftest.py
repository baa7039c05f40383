from hypothesis import settings

# A busy machine must not fail a test: what is measured here is truth, not speed.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
