"""Tools that are operations of an HTTP API, as an OpenAPI 3 file describes them."""
