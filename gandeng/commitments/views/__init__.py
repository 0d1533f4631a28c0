"""Pages under /komitmen/, and the one of a school or clinic without a login."""
