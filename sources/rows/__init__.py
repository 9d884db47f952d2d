"""A field's text into a typed value, row by row; a row that fails leaves its neighbours alone."""
