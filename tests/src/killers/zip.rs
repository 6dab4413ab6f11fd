//! A zip writer that writes what no honest one does: names without bytes of their own, sizes that lie, flags that don't hold.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::Write;
use std::ops::Range;

/// A part as it stands in the container.
pub(super) struct Packed {
    data: Vec<u8>,
    method: u16,
    crc: u32,
    /// The size that is declared.
    pub(super) size: u32,
    /// The general flags.
    pub(super) flags: u16,
}

/// Packs what is written to it, without keeping it.
pub(super) struct Packer {
    encoder: DeflateEncoder<Vec<u8>>,
    crc: Crc,
}

impl Packer {
    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.crc.update(bytes);
        assert!(self.encoder.write_all(bytes).is_ok(), "a Vec takes everything");
    }

    /// Writes the same bytes many times, a megabyte at once.
    pub(super) fn repeat(&mut self, bytes: &[u8], mut times: usize) {
        let at_once = ((1 << 20) / bytes.len()).max(1);
        let many = bytes.repeat(at_once);
        while times > 0 {
            let now = times.min(at_once);
            self.write(&many[..now * bytes.len()]);
            times -= now;
        }
    }
}

pub(super) fn deflated(fill: impl FnOnce(&mut Packer)) -> Packed {
    let mut packer = Packer { encoder: DeflateEncoder::new(Vec::new(), Compression::default()), crc: Crc::new() };
    fill(&mut packer);
    let (crc, size) = (packer.crc.sum(), packer.crc.amount());
    let data = packer.encoder.finish().unwrap_or_default();
    Packed { data, method: 8, crc, size, flags: 0 }
}

pub(super) fn stored(bytes: &[u8]) -> Packed {
    let mut crc = Crc::new();
    crc.update(bytes);
    Packed { data: bytes.to_vec(), method: 0, crc: crc.sum(), size: crc.amount(), flags: 0 }
}

/// A zip container in the making.
#[derive(Default)]
pub(super) struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
    last: Option<Named>,
}

/// What the directory says of an entry.
#[derive(Clone)]
struct Named {
    /// Flags, method, time, checksum, sizes: as both headers have them.
    common: Vec<u8>,
    offset: u32,
    data: Range<usize>,
}

impl Zip {
    /// Adds an entry with bytes of its own.
    pub(super) fn add(&mut self, name: &str, part: &Packed) {
        let mut common = Vec::new();
        for half in [20, part.flags, part.method, 0, 0] {
            common.extend(half.to_le_bytes());
        }
        for word in [part.crc, length(&part.data), part.size] {
            common.extend(word.to_le_bytes());
        }
        let offset = length(&self.bytes);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&common);
        self.bytes.extend(half(name.len()));
        self.bytes.extend(half(0));
        self.bytes.extend(name.as_bytes());
        let start = self.bytes.len();
        self.bytes.extend(&part.data);
        self.list(name, Named { common, offset, data: start..self.bytes.len() });
    }

    /// Names the last entry's bytes once more.
    pub(super) fn name_again(&mut self, name: &str) {
        if let Some(last) = self.last.clone() {
            self.list(name, last);
        }
    }

    /// Names the entry of another container whose bytes are the last entry's data.
    pub(super) fn name_nested(&mut self, name: &str, inner: &Zip) {
        if let (Some(outer), Some(nested)) = (self.last.clone(), inner.last.clone()) {
            let offset = u32::try_from(outer.data.start).unwrap_or(0) + nested.offset;
            self.list(name, Named { offset, ..nested });
        }
    }

    fn list(&mut self, name: &str, entry: Named) {
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(half(20));
        self.directory.extend(&entry.common);
        self.directory.extend(half(name.len()));
        self.directory.extend([0; 12]);
        self.directory.extend(entry.offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count += 1;
        self.last = Some(entry);
    }

    /// The entries so far, without a directory.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the last entry's data stands.
    pub(super) fn last_data(&self) -> Range<usize> {
        self.last.as_ref().map_or(0..0, |last| last.data.clone())
    }

    /// The whole container.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let start = length(&self.bytes);
        self.bytes.append(&mut self.directory.clone());
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend(length(&self.directory).to_le_bytes());
        self.bytes.extend(start.to_le_bytes());
        self.bytes.extend(half(0));
        self.bytes
    }
}

fn half(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}
