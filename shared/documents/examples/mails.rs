//! Writes every sample mail into a folder, to be looked at: `cargo run -p documents --example mails -- FOLDER`.

use documents::mail::{MailFacts, render, samples};
use domain::{email::EmailAddress, organisation::Organisation};
use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args_os().nth(1).ok_or("which folder?")?);
    fs::create_dir_all(&folder)?;
    let organisation = Organisation {
        name: "Board of Continuing Education".to_owned(),
        support_email: EmailAddress::parse("help@ce.example.org").ok(),
        ..Organisation::default()
    };
    let secret = "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c";
    let facts =
        MailFacts { organisation: &organisation, public_base_url: "https://ce.example.org", link: Some(secret) };
    for (number, sample) in samples().iter().enumerate() {
        let mail = render(&sample.content, &facts)?;
        let name = format!("{number:02}-{}", sample.name.replace(' ', "-"));
        fs::write(folder.join(format!("{name}.html")), mail.html)?;
        fs::write(folder.join(format!("{name}.txt")), mail.text)?;
    }
    Ok(())
}
