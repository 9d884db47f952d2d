"""The graph: every table and document as a Dagster asset whose body is one call into the packages below."""
