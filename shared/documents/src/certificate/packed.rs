//! The file, made a third smaller: the library writes the small objects (tags, outline, titles) and the table of places as text; PDF
//! has had packed forms of both since 1.5, and PDF/A-3 takes them. Nothing is changed but how objects are stored.
//!
//! It reads what the library writes and nothing else: whatever looks otherwise is left as it is.

use flate2::{Compress, Compression, FlushCompress, Status};

/// How hard it packs: a third of the work of the usual 6, for a file that is an eighth larger.
const LEVEL: u32 = 1;

/// An object: its number and what stands between `obj` and `endobj`.
struct Object<'a> {
    number: usize,
    body: &'a [u8],
}

/// The file with its small objects packed; `None` if it isn't of the form that is known.
pub(super) fn packed(pdf: &[u8]) -> Option<Vec<u8>> {
    let table = rfind(pdf, b"\nxref\n")? + 1;
    let (places, trailer) = read_table(&pdf[table..])?;
    // An object ends where the next one begins: what stands in it may look like anything.
    let mut order: Vec<(usize, usize)> =
        places.iter().enumerate().filter_map(|(number, place)| Some(((*place)?, number))).collect();
    order.sort_unstable();
    let ends = order.iter().skip(1).map(|(place, _)| *place).chain([table]);
    let object = |((place, number), end): (&(usize, usize), usize)| read_object(pdf.get(*place..end)?, *number);
    let objects = order.iter().zip(ends).map(object).collect::<Option<Vec<_>>>()?;
    let first = places.iter().flatten().min().copied()?;
    let mut file = File {
        bytes: pdf.get(..first)?.to_vec(),
        entries: vec![(0, 0, 0); places.len()],
        packer: Compress::new(Compression::new(LEVEL), true),
    };
    // The head of the list of free objects, which is always there and never used.
    *file.entries.first_mut()? = (0, 0, 0xffff);
    let (streams, small): (Vec<&Object<'_>>, Vec<&Object<'_>>) =
        objects.iter().partition(|object| object.body.ends_with(b"endstream"));
    for object in streams {
        match open_stream(object.body) {
            Some((about, data)) => file.add_stream(object.number, &about, data)?,
            None => file.add(object.number, object.body),
        }
    }
    file.add_packed(&small)?;
    file.finish(trailer)
}

/// The places of all objects by number, and what the trailer says beside their count.
fn read_table(text: &[u8]) -> Option<(Vec<Option<usize>>, &[u8])> {
    /// An entry: ten digits, five digits, a letter, and an end of two signs.
    const ENTRY: usize = 20;
    let rest = text.strip_prefix(b"xref\n0 ")?;
    let end = find(rest, b"\n")?;
    let count: usize = std::str::from_utf8(&rest[..end]).ok()?.trim().parse().ok()?;
    let entries = rest.get(end + 1..end + 1 + count.checked_mul(ENTRY)?)?;
    let read = |entry: &[u8]| match entry[17] {
        b'n' => std::str::from_utf8(&entry[..10]).ok()?.parse().ok().map(Some),
        _ => Some(None),
    };
    let places = entries.chunks_exact(ENTRY).map(read).collect::<Option<Vec<_>>>()?;
    let trailer = &rest[end + 1 + entries.len()..];
    let from = find(trailer, b"<<")? + 2;
    let to = rfind(trailer, b">>")?;
    Some((places, without_size(trailer.get(from..to)?)?))
}

/// The trailer's members without the count, which will be another: it stands first.
fn without_size(members: &[u8]) -> Option<&[u8]> {
    let members = members.trim_ascii_start().strip_prefix(b"/Size ")?;
    Some(&members[members.iter().position(|byte| !byte.is_ascii_digit())?..])
}

fn read_object(text: &[u8], number: usize) -> Option<Object<'_>> {
    let body = text.strip_prefix(format!("{number} 0 obj").as_bytes())?.trim_ascii();
    Some(Object { number, body: body.strip_suffix(b"endobj")?.trim_ascii_end() })
}

/// What a stream that isn't packed yet says of itself beside its length, and what it holds. The metadata stay as they are, for
/// whoever looks for them without unpacking.
fn open_stream(body: &[u8]) -> Option<(String, &[u8])> {
    let at = find(body, b"stream\n")?;
    let about = std::str::from_utf8(&body[..at]).ok()?.trim();
    if about.contains("/Filter") || about.contains("/Metadata") {
        return None;
    }
    let members = about.strip_prefix("<<")?.strip_suffix(">>")?;
    let (before, after) = members.split_once("/Length ")?;
    let digits = after.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(after.len());
    let length: usize = after[..digits].parse().ok()?;
    let data = body.get(at + b"stream\n".len()..)?.get(..length)?;
    Some((format!("{before}{}", &after[digits..]), data))
}

/// A file as it grows, with where each object is: kind, place or stream, generation or place in it.
struct File {
    bytes: Vec<u8>,
    entries: Vec<(u8, usize, usize)>,
    packer: Compress,
}

impl File {
    fn add(&mut self, number: usize, body: &[u8]) {
        self.entries[number] = (1, self.bytes.len(), 0);
        self.bytes.extend(format!("{number} 0 obj\n").bytes());
        self.bytes.extend(body);
        self.bytes.extend(b"\nendobj\n");
    }

    fn add_packed(&mut self, objects: &[&Object<'_>]) -> Option<()> {
        let number = self.entries.len();
        let (mut index, mut bodies) = (Vec::new(), Vec::new());
        for (place, object) in objects.iter().enumerate() {
            index.extend(format!("{} {} ", object.number, bodies.len()).bytes());
            bodies.extend(object.body);
            bodies.push(b'\n');
            self.entries[object.number] = (2, number, place);
        }
        let first = index.len();
        index.extend(bodies);
        let about = format!("/Type/ObjStm/N {}/First {first}", objects.len());
        self.entries.push((0, 0, 0));
        self.add_stream(number, &about, &index)
    }

    fn finish(mut self, trailer: &[u8]) -> Option<Vec<u8>> {
        let (number, start) = (self.entries.len(), self.bytes.len());
        self.entries.push((1, start, 0));
        let mut rows = Vec::with_capacity(self.entries.len() * 6);
        for (kind, one, other) in &self.entries {
            rows.push(*kind);
            rows.extend(&u32::try_from(*one).ok()?.to_be_bytes()[1..]);
            rows.extend(u16::try_from(*other).ok()?.to_be_bytes());
        }
        let about = format!("/Type/XRef/W[1 3 2]/Size {}{}", self.entries.len(), std::str::from_utf8(trailer).ok()?);
        self.add_stream(number, &about, &rows)?;
        self.bytes.extend(format!("startxref\n{start}\n%%EOF").bytes());
        Some(self.bytes)
    }

    /// How much of what is being packed was taken.
    fn taken(&self) -> usize {
        usize::try_from(self.packer.total_in()).unwrap_or(usize::MAX)
    }

    fn add_stream(&mut self, number: usize, about: &str, data: &[u8]) -> Option<()> {
        // One packer for all: a new one would have to clear its tables first.
        self.packer.reset();
        let mut packed = Vec::with_capacity(data.len() / 2 + 64);
        while self.packer.compress_vec(&data[self.taken()..], &mut packed, FlushCompress::Finish).ok()?
            != Status::StreamEnd
        {
            packed.reserve(data.len() / 4 + 64);
        }
        let data = packed;
        let mut body = format!("<<{about}/Filter/FlateDecode/Length {}>>\nstream\n", data.len()).into_bytes();
        body.extend(data);
        body.extend(b"\nendstream");
        self.add(number, &body);
        Some(())
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}
