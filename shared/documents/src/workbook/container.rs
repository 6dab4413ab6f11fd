//! The zip container: checks its directory before anything is unpacked, and counts while unpacking. It must never believe a
//! declared size, follow a path on the disk, or hold an unpacked part.

use super::limits;
use super::trouble::{ReadError, refusal_of_io, refused_io};
use crc32fast::Hasher;
use domain::roster::file::{Damage, FileRefusal, SizeLimit};
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ErrorKind, FileReader, RangeReader, ZipArchive};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::Range;
use std::sync::Arc;

/// A zip file whose directory is sound.
#[derive(Debug)]
pub(super) struct Container {
    file: Arc<FileReader>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    /// With `/` between folders and none at the start; in lower case, since part names don't tell case apart.
    name: String,
    data: Range<u64>,
    packing: Packing,
    unpacked: u64,
    checksum: u32,
}

#[derive(Debug, Clone, Copy)]
enum Packing {
    Stored,
    Deflated,
    Other,
}

impl Container {
    /// Reads and checks the directory: not too many parts, none twice, none encrypted, none overlapping another.
    pub(super) fn open(file: File) -> Result<Self, ReadError> {
        let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
        let archive = ZipArchive::from_file(file, &mut buffer).map_err(refuse_zip)?;
        if archive.entries_hint() > limits::PARTS {
            return Err(FileRefusal::TooLarge(SizeLimit::Parts).into());
        }
        let directory_starts = archive.directory_offset();
        let mut entries = Vec::new();
        let mut occupied = Vec::new();
        let mut records = archive.entries(&mut buffer);
        while let Some(record) = records.next_entry().map_err(refuse_zip)? {
            if entries.len() as u64 >= limits::PARTS {
                return Err(FileRefusal::TooLarge(SizeLimit::Parts).into());
            }
            if record.flags().is_encrypted() {
                return Err(FileRefusal::PasswordProtected.into());
            }
            let name = record.file_path();
            let name = name.as_ref();
            if name.len() > limits::PART_NAME_BYTES {
                return Err(Damage::Container.into());
            }
            let name = String::from_utf8_lossy(name).into_owned();
            let entry = archive.get_entry(record.wayfinder()).map_err(refuse_zip)?;
            let (from, to) = entry.compressed_data_range();
            occupied.push(record.local_header_offset()..to);
            entries.push(Entry {
                name: fold(&name),
                data: from..to,
                packing: match record.compression_method() {
                    CompressionMethod::STORE => Packing::Stored,
                    CompressionMethod::DEFLATE => Packing::Deflated,
                    _ => Packing::Other,
                },
                unpacked: record.uncompressed_size_hint(),
                checksum: record.crc32(),
            });
        }
        check_apart(occupied, directory_starts)?;
        check_names(&entries)?;
        let file = Arc::new(archive.into_inner());
        Ok(Self { file, entries })
    }

    /// The names of all parts, in lower case.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// Whether there is a part of this name, in whatever case.
    pub(super) fn has(&self, name: &str) -> bool {
        let name = fold(name);
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// Opens a part for streaming. It ends in an error once it unpacks to more than `limit`.
    pub(super) fn part(&self, name: &str, limit: PartLimit) -> Result<Part, ReadError> {
        let name = fold(name);
        let missing = FileRefusal::Damaged(Damage::MissingPart);
        let entry = self.entries.iter().find(|entry| entry.name == name).ok_or(missing)?;
        let range = RangeReader::new(Arc::clone(&self.file), entry.data.clone());
        let body = match entry.packing {
            Packing::Stored => Body::Stored(range),
            Packing::Deflated => Body::Deflated(DeflateDecoder::new(BufReader::with_capacity(CHUNK_BYTES, range))),
            Packing::Other => return Err(FileRefusal::Damaged(Damage::Container).into()),
        };
        Ok(Part { body, limit, read: 0, declared: entry.unpacked, checksum: entry.checksum, crc: Hasher::new() })
    }
}

/// How much is read from the disk at once.
const CHUNK_BYTES: usize = 32 << 10;

/// How far a part may unpack, and what to say if it goes further.
#[derive(Debug, Clone, Copy)]
pub(super) struct PartLimit {
    pub(super) bytes: u64,
    pub(super) what: SizeLimit,
}

/// A part that is being unpacked. Its size, its ratio and at its end its checksum are checked while reading.
#[derive(Debug)]
pub(super) struct Part {
    body: Body,
    limit: PartLimit,
    read: u64,
    declared: u64,
    checksum: u32,
    crc: Hasher,
}

#[derive(Debug)]
enum Body {
    Stored(RangeReader<Arc<FileReader>>),
    Deflated(DeflateDecoder<BufReader<RangeReader<Arc<FileReader>>>>),
}

impl Part {
    /// How much was unpacked so far, in bytes.
    pub(super) fn unpacked(&self) -> u64 {
        self.read
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let (count, packed) = match &mut self.body {
            Body::Stored(range) => (range.read(buffer)?, None),
            Body::Deflated(decoder) => {
                let count = decoder.read(buffer).map_err(refuse_deflate)?;
                (count, Some(decoder.total_in()))
            }
        };
        self.read += count as u64;
        if self.read > self.limit.bytes {
            return Err(refused_io(FileRefusal::TooLarge(self.limit.what)));
        }
        if let Some(packed) = packed
            && self.read > limits::RATIO_FROM_BYTES
            && self.read > packed.saturating_mul(limits::RATIO)
        {
            return Err(refused_io(FileRefusal::TooLarge(SizeLimit::Unpacked)));
        }
        self.crc.update(&buffer[..count]);
        if count == 0 && (self.read != self.declared || self.crc.clone().finalize() != self.checksum) {
            return Err(refused_io(FileRefusal::Damaged(Damage::Container)));
        }
        Ok(count)
    }
}

/// A part's name as it is compared.
pub(super) fn fold(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// No byte of the file may belong to two parts, and none of them to the directory: overlapping parts are how a small file
/// unpacks without end.
fn check_apart(mut occupied: Vec<Range<u64>>, directory_starts: u64) -> Result<(), FileRefusal> {
    occupied.sort_by_key(|range| range.start);
    let overlapping = occupied.windows(2).any(|pair| pair[0].end > pair[1].start);
    let outside = occupied.iter().any(|range| range.end > directory_starts);
    if overlapping || outside { Err(FileRefusal::Damaged(Damage::Container)) } else { Ok(()) }
}

/// A name that stands twice says two things, and readers disagree on which one counts.
fn check_names(entries: &[Entry]) -> Result<(), FileRefusal> {
    let mut names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
    names.sort_unstable();
    let twice = names.windows(2).any(|pair| pair[0] == pair[1]);
    if twice { Err(FileRefusal::Damaged(Damage::Container)) } else { Ok(()) }
}

fn refuse_zip(error: rawzip::Error) -> ReadError {
    match error.into_kind() {
        ErrorKind::IO(error) if error.kind() != io::ErrorKind::UnexpectedEof => ReadError::Io(error),
        _ => FileRefusal::Damaged(Damage::Container).into(),
    }
}

/// What the inflater complains about is the file's fault; what the disk complains about is passed on.
fn refuse_deflate(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
            if refusal_of_io(&error).is_none() =>
        {
            refused_io(FileRefusal::Damaged(Damage::Container))
        }
        _ => error,
    }
}
