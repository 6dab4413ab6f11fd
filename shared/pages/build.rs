//! Makes the static files that go into the binary: combined, compressed, and named by what is in them.
//! The help's pictures, which are compressed by nature, go in as they are. Reads only this crate's `assets`, and writes only
//! to the build's own folder.

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

/// A static file: its constant, the first and last part of its name, its content type, and the parts it is made of.
type Source = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

const SOURCES: [Source; 5] = [
    ("STYLE", "style", "css", "text/css; charset=utf-8", &["vendor/pico/pico.classless.min.css", "style.css"]),
    ("HTMX", "htmx", "js", "text/javascript; charset=utf-8", &["vendor/htmx/htmx.min.js"]),
    ("UPLOAD", "upload", "js", "text/javascript; charset=utf-8", &["upload.js"]),
    ("VERIFY", "verify", "js", "text/javascript; charset=utf-8", &["verify.js"]),
    ("ICON", "icon", "svg", "image/svg+xml", &["icon.svg"]),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=assets");
    let folder = PathBuf::from("assets");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut code = String::new();
    for (constant, stem, ending, content_type, parts) in SOURCES {
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(&fs::read(folder.join(part))?);
            bytes.push(b'\n');
        }
        // 48 bits: a name only has to differ from the same file's other versions.
        let print = hex::encode(&Sha256::digest(&bytes)[..6]);
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes)?;
        fs::write(out.join(format!("{stem}.gz")), encoder.finish()?)?;
        write!(
            code,
            "/// `{stem}.{ending}`, made of {}.\npub const {constant}: Asset = Asset {{ path: \"/assets/{stem}.{print}.{ending}\", \
             content_type: \"{content_type}\", gzipped: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{stem}.gz\")) }};\n",
            parts.join(" and "),
        )?;
    }
    let constants: Vec<_> = SOURCES.iter().map(|source| source.0).collect();
    writeln!(code, "/// All of them.\npub const ALL: [Asset; {}] = [{}];", constants.len(), constants.join(", "))?;
    write_pictures(&mut code, &folder.join("help"))?;
    fs::write(out.join("assets.rs"), code)?;
    Ok(())
}

/// Lists the pictures that are there; without the folder there are none.
fn write_pictures(code: &mut String, folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut paths = match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    paths.sort();
    writeln!(code, "/// The help's pictures, by name.\npub const PICTURES: &[Picture] = &[")?;
    for path in paths {
        let part = |part: Option<&std::ffi::OsStr>| part.and_then(|text| text.to_str()).unwrap_or_default().to_owned();
        let (name, ending) = (part(path.file_stem()), part(path.extension()));
        let bytes = fs::read(&path)?;
        let size = match ending.as_str() {
            "png" => png_size(&bytes),
            "webp" => webp_size(&bytes),
            _ => None,
        };
        let (width, height) = size.ok_or(format!("{} is no PNG and no lossy WebP", path.display()))?;
        let print = hex::encode(&Sha256::digest(&bytes)[..6]);
        writeln!(
            code,
            "    Picture {{ name: \"{name}\", path: \"/assets/help-{name}.{print}.{ending}\", content_type: \"image/{ending}\", \
             width: {width}, height: {height}, bytes: include_bytes!({:?}) }},",
            fs::canonicalize(&path)?,
        )?;
    }
    writeln!(code, "];")?;
    Ok(())
}

/// Width and height of a PNG: big-endian, in its first chunk.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if !bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return None;
    }
    Some((number(16)?, number(20)?))
}

/// Width and height of a lossy WebP: little-endian, in the one frame, or in the header of the extended form (there less one).
fn webp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize, length: usize| {
        let bytes = bytes.get(at..at + length)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    };
    match (bytes.get(..4)?, bytes.get(8..16)?) {
        (b"RIFF", b"WEBPVP8 ") => Some((number(26, 2)? & 0x3fff, number(28, 2)? & 0x3fff)),
        (b"RIFF", b"WEBPVP8X") => Some((number(24, 3)? + 1, number(27, 3)? + 1)),
        _ => None,
    }
}
