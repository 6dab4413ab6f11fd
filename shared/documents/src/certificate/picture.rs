//! Pictures on a certificate: the logo and the signature, of the kinds that every page takes too.

use domain::organisation::logo::{InvalidLogo, Kind, Logo};
use krilla::{Data, image::Image};
use std::sync::Arc;

/// A picture that was read; copies share what it unpacks to.
#[derive(Clone)]
pub struct Picture {
    image: Image,
    kind: Kind,
    bytes: Arc<[u8]>,
}

/// Why a file can't stand on a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPicture {
    /// What is true of logos is true of it.
    #[error("{0}")]
    Unfit(#[from] InvalidLogo),
    /// It begins like a picture, but isn't whole.
    #[error("The picture can't be read. Save it again and choose it again.")]
    Broken,
}

/// The pictures of a certificate.
#[derive(Clone, Default)]
pub struct Images {
    /// The organisation's.
    pub logo: Option<Picture>,
    /// The signatory's hand.
    pub signature: Option<Picture>,
}

impl Picture {
    /// Reads a PNG or JPEG, within the limits of logos.
    pub fn read(bytes: &[u8]) -> Result<Self, InvalidPicture> {
        let kind = Logo::read(bytes)?.kind;
        let data = Data::from(bytes.to_vec());
        let image = match kind {
            Kind::Png => Image::from_png(data, false),
            Kind::Jpeg => Image::from_jpeg(data, false),
        };
        image.map(|image| Self { image, kind, bytes: bytes.into() }).map_err(|_| InvalidPicture::Broken)
    }

    pub(super) fn image(&self) -> Image {
        self.image.clone()
    }

    /// The file, as it came.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn media_type(&self) -> &'static str {
        match self.kind {
            Kind::Png => "image/png",
            Kind::Jpeg => "image/jpeg",
        }
    }

    /// As large as it may be within a width and a height.
    pub(super) fn within(&self, width: f32, height: f32) -> (f32, f32) {
        let (across, down) = self.image.size();
        #[expect(clippy::cast_precision_loss, reason = "a picture has at most 1,024 pixels a side")]
        let (across, down) = (across.max(1) as f32, down.max(1) as f32);
        let scale = (width / across).min(height / down);
        (across * scale, down * scale)
    }
}
