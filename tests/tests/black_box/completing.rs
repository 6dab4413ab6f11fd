//! The way from registration to the certificate, by the functions' own code: what it costs, and that it ends well whoever dies on it.

mod costs;
mod torn;
