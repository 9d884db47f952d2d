"""The wiring: jobs, schedules, storage and the command line; the only place that reads the environment."""
