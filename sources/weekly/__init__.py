"""What a week knows of a platform: its snapshots, intake, life cycle of listings, continuity and health."""
