//! The logo, known by its content: a picture of a kind, size and measure that every page can carry. What a file is called,
//! or says that it is, doesn't count.

use sha2::{Digest, Sha256};

/// A logo is read with every page by browsers that see it for the first time; a page weighs 60 KB.
pub const LARGEST_LOGO: usize = 100 * 1024;
/// It is shown 32 pixels high: this is sharp on every screen, and a picture that unpacks to 4 MB at most.
pub const MOST_PIXELS_A_SIDE: u32 = 1_024;

/// A picture that can be a logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Logo<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// The kinds of pictures that every browser shows and that can't hold a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
}

/// Why a file can't be the logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLogo {
    /// No file, or an empty one.
    #[error("Choose a file first.")]
    Missing,
    /// Too many bytes.
    #[error("The file is larger than {} KB. Save the picture smaller and choose it again.", LARGEST_LOGO / 1024)]
    TooLarge,
    /// Neither kind.
    #[error(
        "The file is neither a PNG nor a JPEG picture, whatever its name says. Save it as one of the two and choose it again."
    )]
    NotAPicture,
    /// Too many pixels, or none.
    #[error(
        "The picture is {width} by {height} pixels; up to {MOST_PIXELS_A_SIDE} by {MOST_PIXELS_A_SIDE} are taken. Scale it down and choose it again."
    )]
    Measures {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
}

impl<'a> Logo<'a> {
    /// Reads a file.
    pub fn read(bytes: &'a [u8]) -> Result<Self, InvalidLogo> {
        match bytes.len() {
            0 => return Err(InvalidLogo::Missing),
            size if size > LARGEST_LOGO => return Err(InvalidLogo::TooLarge),
            _ => {}
        }
        let (kind, (width, height)) = match (png_measures(bytes), jpeg_measures(bytes)) {
            (Some(measures), _) => (Kind::Png, measures),
            (None, Some(measures)) => (Kind::Jpeg, measures),
            (None, None) => return Err(InvalidLogo::NotAPicture),
        };
        let fits = |side| (1..=MOST_PIXELS_A_SIDE).contains(&side);
        if fits(width) && fits(height) {
            Ok(Self { kind, bytes })
        } else {
            Err(InvalidLogo::Measures { width, height })
        }
    }

    /// The name that it is served under: another picture has another one.
    pub fn name(&self) -> String {
        let print: String = Sha256::digest(self.bytes)[..12].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{print}.{}", self.kind.ending())
    }
}

impl Kind {
    const ALL: [Kind; 2] = [Kind::Png, Kind::Jpeg];

    fn ending(self) -> &'static str {
        match self {
            Kind::Png => "png",
            Kind::Jpeg => "jpg",
        }
    }

    /// The kind of the logo of this name, if it is a logo's name.
    pub fn of_name(name: &str) -> Option<Self> {
        let (print, ending) = name.split_once('.')?;
        let is_print = print.len() == 24 && print.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        Self::ALL.into_iter().find(|kind| kind.ending() == ending).filter(|_| is_print)
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Kind::Png => "image/png",
            Kind::Jpeg => "image/jpeg",
        }
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

/// Width and height of a PNG: its first chunk says them.
fn png_measures(bytes: &[u8]) -> Option<(u32, u32)> {
    const BEGINNING: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
    let measures = bytes.strip_prefix(BEGINNING)?;
    let side = |at: usize| Some(u32::from_be_bytes(measures.get(at..at + 4)?.try_into().ok()?));
    Some((side(0)?, side(4)?))
}

/// Width and height of a JPEG: the first frame's header says them. The segments before it are stepped over, each at least two
/// bytes further on, so the walk ends.
fn jpeg_measures(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.strip_prefix(b"\xff\xd8\xff")?;
    let mut at = 2;
    loop {
        let &[0xff, marker] = bytes.get(at..at + 2)? else { return None };
        match marker {
            // Padding.
            0xff => at += 1,
            // Frames of all sorts; the others in this range are tables.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((be16(bytes, at + 7)?, be16(bytes, at + 5)?));
            }
            // Markers without a length, and the beginning of the picture before any frame.
            0x01 | 0xd0..=0xda => return None,
            _ => at += 2 + usize::try_from(be16(bytes, at + 2)?).ok().filter(|length| *length >= 2)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x11\x08".to_vec();
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes
    }

    #[test]
    fn a_picture_is_known_by_its_content() {
        assert_eq!(Logo::read(&png(64, 32)).map(|logo| logo.kind), Ok(Kind::Png));
        assert_eq!(Logo::read(&jpeg(64, 32)).map(|logo| logo.kind), Ok(Kind::Jpeg));
        for other in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
            b"GIF89a....",
            b"\xff\xd8\xff",
            b"\xff\xd8\xff\xda\x00\x02",
        ] {
            assert_eq!(Logo::read(other), Err(InvalidLogo::NotAPicture));
        }
        assert_eq!(Logo::read(b""), Err(InvalidLogo::Missing));
    }

    #[test]
    fn bytes_and_pixels_are_bounded() {
        assert_eq!(Logo::read(&png(1_025, 1)), Err(InvalidLogo::Measures { width: 1_025, height: 1 }));
        assert_eq!(Logo::read(&jpeg(0, 8)), Err(InvalidLogo::Measures { width: 0, height: 8 }));
        let mut large = png(8, 8);
        large.resize(LARGEST_LOGO, 0);
        assert!(Logo::read(&large).is_ok());
        large.push(0);
        assert_eq!(Logo::read(&large), Err(InvalidLogo::TooLarge));
    }

    #[test]
    fn a_jpeg_cut_anywhere_is_refused_and_never_loops() {
        let whole = jpeg(64, 32);
        for length in 1..whole.len() {
            assert!(Logo::read(&whole[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn the_name_says_the_kind_and_differs_with_the_content() {
        let (one, two) = (png(1, 1), png(1, 2));
        let (one, two) = (Logo::read(&one).unwrap(), Logo::read(&two).unwrap());
        assert_ne!(one.name(), two.name());
        assert_eq!(Kind::of_name(&one.name()), Some(Kind::Png));
        for bad in ["", "a.png", "../../SETTINGS", "ABCDEFABCDEFABCDEFABCDEF.png", "abcdefabcdefabcdefabcdef.svg"] {
            assert_eq!(Kind::of_name(bad), None, "{bad}");
        }
    }
}
