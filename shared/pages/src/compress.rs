//! Compression of what is made for a request.

use flate2::{Compression, write::GzEncoder};
use std::io::Write;

/// The bytes, compressed fast: a page is read once.
pub(crate) fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).ok()
}
