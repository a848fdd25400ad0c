"""Documents that a compliance officer hands over: values, templates, and three renderers. Nothing here reads or decides."""
