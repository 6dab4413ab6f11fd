//! Makes the static files that go into the binary: combined, compressed, and named by what is in them.
//! Reads only this crate's `assets`, and writes only to the build's own folder.

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::{env, error::Error, fmt::Write as _, fs, io::Write as _, path::PathBuf};

/// A static file: its constant, the first and last part of its name, its content type, and the parts it is made of.
type Source = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

const SOURCES: [Source; 4] = [
    ("STYLE", "style", "css", "text/css; charset=utf-8", &["vendor/pico/pico.classless.min.css", "style.css"]),
    ("HTMX", "htmx", "js", "text/javascript; charset=utf-8", &["vendor/htmx/htmx.min.js"]),
    ("UPLOAD", "upload", "js", "text/javascript; charset=utf-8", &["upload.js"]),
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
    fs::write(out.join("assets.rs"), code)?;
    Ok(())
}
