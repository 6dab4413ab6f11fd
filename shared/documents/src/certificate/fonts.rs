//! The fonts: which one stands for which script, read when the first text needs it and kept for as long as the process lives.
//!
//! Those that hold a few hundred signs are built in. The one with the Chinese characters (13 MB) stands beside the program and is
//! opened only for a text that has one. No font of the machine's is ever taken: the same certificate is the same bytes anywhere.

use super::{Part, RenderError, scripts::Writing, text::Shaped};
use krilla::{Data, text::Font};
use rustybuzz::{Direction, Face, Feature, Language, ShapePlan, UnicodeBuffer, shape_with_plan, ttf_parser::Tag};
use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError},
};

/// The file with the Chinese, Japanese and Korean signs.
pub const CJK_FILE: &str = "NotoSerifCJK-Regular.otf";

/// How a text looks. Only Latin, Greek and Cyrillic have all of them; a script with one font looks the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// For reading.
    Plain,
    /// What the eye should find first.
    Strong,
    /// Name, title and headings.
    Display,
}

/// As many texts as are kept with their glyphs: those of some dozens of events, each under 2 KB with few exceptions.
const MOST_KEPT: usize = 512;
/// Longer texts aren't kept: with their glyphs they take forty times their length.
const LONGEST_KEPT: usize = 2_000;

/// Texts as they were shaped, by how they look.
type Kept = BTreeMap<(Look, String), Arc<Shaped>>;

/// Where fonts are.
#[derive(Clone, Default)]
pub struct Fonts {
    folder: Option<PathBuf>,
    /// The file's bytes, for a program that has it built in.
    bytes: Option<&'static [u8]>,
}

// The file's bytes are millions of numbers that nobody reads.
impl fmt::Debug for Fonts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Fonts({:?})", self.folder)
    }
}

/// What this process shaped last, since the certificates of one event have most of their texts in common. Only texts in fonts that are
/// built in: they are the same wherever else fonts are looked for.
static KEPT: Mutex<Kept> = Mutex::new(Kept::new());

fn kept() -> MutexGuard<'static, Kept> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What can't be used as a font.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoFont {
    /// No folder was named, or the file isn't in it.
    #[error("the file {CJK_FILE} isn't there")]
    Missing,
    /// It is no font, or not the one that it should be.
    #[error("the file {CJK_FILE} can't be read as a font")]
    Broken,
}

impl Fonts {
    /// Only those that are built in: everything but Chinese, Japanese and Korean.
    pub fn built_in() -> Self {
        Self::default()
    }

    /// Those that are built in, and what stands in a folder.
    pub fn with_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()), bytes: None }
    }

    /// Those that are built in here, and the file with the Chinese, Japanese and Korean signs, which is built into the program.
    pub fn with_bytes(bytes: &'static [u8]) -> Self {
        Self { folder: None, bytes: Some(bytes) }
    }

    /// A text with its glyphs, shaped now or for an earlier certificate.
    pub(super) fn shaped(&self, look: Look, part: Part, text: &str) -> Result<Arc<Shaped>, RenderError> {
        let key = (look, text.to_owned());
        if let Some(shaped) = kept().get(&key) {
            return Ok(Arc::clone(shaped));
        }
        let shaped = Arc::new(Shaped::new(self, look, part, text)?);
        if text.len() <= LONGEST_KEPT && shaped.is_built_in() {
            let mut kept = kept();
            // Which are asked for again isn't worth keeping a record of: the next event's are others.
            if kept.len() >= MOST_KEPT {
                kept.clear();
            }
            kept.insert(key, Arc::clone(&shaped));
        }
        Ok(shaped)
    }

    /// The font of a look and a script.
    pub(super) fn find(&self, look: Look, writing: Writing) -> Result<&'static Loaded, NoFont> {
        let slot = match (writing, look) {
            (Writing::Han | Writing::Kana | Writing::Hangul, _) => return self.cjk(),
            (Writing::Latin | Writing::Greek | Writing::Cyrillic, Look::Plain) => &PLAIN,
            (Writing::Latin | Writing::Greek | Writing::Cyrillic, Look::Strong) => &STRONG,
            (Writing::Latin | Writing::Greek | Writing::Cyrillic, Look::Display) => &DISPLAY,
            (Writing::Arabic, _) => &ARABIC,
            (Writing::Armenian, _) => &ARMENIAN,
            (Writing::Bengali, _) => &BENGALI,
            (Writing::Cherokee, _) => &CHEROKEE,
            (Writing::Devanagari, _) => &DEVANAGARI,
            (Writing::Ethiopic, _) => &ETHIOPIC,
            (Writing::Georgian, _) => &GEORGIAN,
            (Writing::Gujarati, _) => &GUJARATI,
            (Writing::Gurmukhi, _) => &GURMUKHI,
            (Writing::Hebrew, _) => &HEBREW,
            (Writing::Kannada, _) => &KANNADA,
            (Writing::Khmer, _) => &KHMER,
            (Writing::Lao, _) => &LAO,
            (Writing::Malayalam, _) => &MALAYALAM,
            (Writing::Myanmar, _) => &MYANMAR,
            (Writing::Oriya, _) => &ORIYA,
            (Writing::Sinhala, _) => &SINHALA,
            (Writing::Syriac, _) => &SYRIAC,
            (Writing::Tamil, _) => &TAMIL,
            (Writing::Telugu, _) => &TELUGU,
            (Writing::Thaana, _) => &THAANA,
            (Writing::Thai, _) => &THAI,
        };
        slot.get()
    }

    fn cjk(&self) -> Result<&'static Loaded, NoFont> {
        // A program has one such folder, so one file is what stays in memory.
        static OPENED: Mutex<BTreeMap<PathBuf, &'static Loaded>> = Mutex::new(BTreeMap::new());
        static BUILT_IN: OnceLock<Option<Loaded>> = OnceLock::new();
        if let Some(bytes) = self.bytes {
            return BUILT_IN.get_or_init(|| Loaded::parse(bytes, false)).as_ref().ok_or(NoFont::Broken);
        }
        let file = self.folder.as_deref().ok_or(NoFont::Missing)?.join(CJK_FILE);
        let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(loaded) = opened.get(&file) {
            return Ok(loaded);
        }
        let loaded = open(&file)?;
        opened.insert(file, loaded);
        Ok(loaded)
    }
}

/// Reads a font once and for all: what it is parsed into borrows its bytes for as long as the process lives.
fn open(file: &Path) -> Result<&'static Loaded, NoFont> {
    let bytes: &'static [u8] = fs::read(file).map_err(|_| NoFont::Missing)?.leak();
    let loaded = Loaded::parse(bytes, false).ok_or(NoFont::Broken)?;
    Ok(Box::leak(Box::new(loaded)))
}

/// A font that is built in.
struct BuiltIn {
    bytes: &'static [u8],
    loaded: OnceLock<Option<Loaded>>,
}

impl BuiltIn {
    fn get(&'static self) -> Result<&'static Loaded, NoFont> {
        self.loaded.get_or_init(|| Loaded::parse(self.bytes, true)).as_ref().ok_or(NoFont::Broken)
    }
}

macro_rules! built_in {
    ($($name:ident = $file:literal;)+) => { $(
        static $name: BuiltIn =
            BuiltIn { bytes: include_bytes!(concat!("../../fonts/", $file)), loaded: OnceLock::new() };
    )+ };
}

built_in! {
    PLAIN = "NotoSans-Regular.ttf";
    STRONG = "NotoSans-SemiBold.ttf";
    DISPLAY = "NotoSerifDisplay-Medium.ttf";
    ARABIC = "NotoNaskhArabic-Regular.ttf";
    ARMENIAN = "NotoSerifArmenian-Regular.ttf";
    BENGALI = "NotoSerifBengali-Regular.ttf";
    CHEROKEE = "NotoSansCherokee-Regular.ttf";
    DEVANAGARI = "NotoSerifDevanagari-Regular.ttf";
    ETHIOPIC = "NotoSerifEthiopic-Regular.ttf";
    GEORGIAN = "NotoSerifGeorgian-Regular.ttf";
    GUJARATI = "NotoSerifGujarati-Regular.ttf";
    GURMUKHI = "NotoSerifGurmukhi-Regular.ttf";
    HEBREW = "NotoSerifHebrew-Regular.ttf";
    KANNADA = "NotoSerifKannada-Regular.ttf";
    KHMER = "NotoSerifKhmer-Regular.ttf";
    LAO = "NotoSerifLao-Regular.ttf";
    MALAYALAM = "NotoSerifMalayalam-Regular.ttf";
    MYANMAR = "NotoSerifMyanmar-Regular.ttf";
    ORIYA = "NotoSansOriya-Regular.ttf";
    SINHALA = "NotoSerifSinhala-Regular.ttf";
    SYRIAC = "NotoSansSyriac-Regular.ttf";
    TAMIL = "NotoSerifTamil-Regular.ttf";
    TELUGU = "NotoSerifTelugu-Regular.ttf";
    THAANA = "NotoSansThaana-Regular.ttf";
    THAI = "NotoSerifThai-Regular.ttf";
}

/// A glyph in its place, in parts of the font's size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Its number in the font; 0 stands for a sign that the font hasn't.
    pub(super) id: u32,
    /// Where in the text its cluster begins, in bytes.
    pub(super) start: usize,
    /// How far it moves on.
    pub(super) advance: f32,
    /// How far it stands to the right of its place.
    pub(super) dx: f32,
    /// How far it stands above its place.
    pub(super) dy: f32,
}

/// What a run of text is shaped as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    /// Its script.
    pub(super) writing: Writing,
    /// Whether it runs from right to left.
    pub(super) rtl: bool,
    /// The language whose forms Chinese characters take: `ja` or `ko`; the font's own are simplified Chinese.
    pub(super) language: Option<&'static str>,
    /// Whether all its letters are whole in themselves: then nothing is composed or set above another.
    pub(super) is_plain: bool,
}

/// A font that was read.
pub(super) struct Loaded {
    pub(super) face: Face<'static>,
    /// For the file.
    pub(super) font: Font,
    /// Shaping rules by manner: compiling them costs more than a line of text does. A handful, so a list.
    plans: Mutex<Vec<(Manner, Arc<ShapePlan>)>>,
    /// Its units to the size.
    pub(super) per_em: f32,
    /// Whether every program has it, wherever else it looks for fonts.
    pub(super) is_built_in: bool,
}

impl Loaded {
    fn parse(bytes: &'static [u8], is_built_in: bool) -> Option<Self> {
        let face = Face::from_slice(bytes, 0)?;
        let font = Font::new(Data::from(bytes), 0)?;
        #[expect(clippy::cast_precision_loss, reason = "a font has at most 16,384 units per em")]
        let per_em = face.units_per_em() as f32;
        Some(Self { face, font, plans: Mutex::new(Vec::new()), per_em, is_built_in })
    }

    /// Whether it has a sign.
    pub(super) fn has(&self, sign: char) -> bool {
        self.face.glyph_index(sign).is_some()
    }

    /// Shapes one run of a text, which begins at a byte of it. The glyphs come in the order in which they are drawn.
    pub(super) fn shape(&self, run: &str, start: usize, manner: Manner) -> Vec<Placed> {
        let plan = self.plan(manner);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(run);
        buffer.set_direction(direction(manner.rtl));
        buffer.set_script(manner.writing.script());
        if let Some(language) = manner.language() {
            buffer.set_language(language);
        }
        let shaped = shape_with_plan(&self.face, &plan, buffer);
        #[expect(clippy::cast_precision_loss, reason = "advances are a few thousand units")]
        let em = |units: i32| units as f32 / self.per_em;
        let place = |(info, position): (&rustybuzz::GlyphInfo, &rustybuzz::GlyphPosition)| Placed {
            id: info.glyph_id,
            start: start + usize::try_from(info.cluster).unwrap_or(0),
            advance: em(position.x_advance),
            dx: em(position.x_offset),
            dy: em(position.y_offset),
        };
        shaped.glyph_infos().iter().zip(shaped.glyph_positions()).map(place).collect()
    }

    fn plan(&self, manner: Manner) -> Arc<ShapePlan> {
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, plan)) = plans.iter().find(|(known, _)| *known == manner) {
            return Arc::clone(plan);
        }
        let (script, language) = (Some(manner.writing.script()), manner.language());
        let plan =
            Arc::new(ShapePlan::new(&self.face, direction(manner.rtl), script, language.as_ref(), manner.features()));
        plans.push((manner, Arc::clone(&plan)));
        plan
    }
}

/// What plain letters have no use for, and what takes half of the time to shape them.
static WITHOUT_MARKS: LazyLock<Vec<Feature>> = LazyLock::new(|| {
    let off = |tag: &[u8; 4]| Feature::new(Tag::from_bytes(tag), 0, ..);
    [b"ccmp", b"mark", b"mkmk", b"locl", b"abvm", b"blwm"].into_iter().map(off).collect()
});

impl Manner {
    fn features(self) -> &'static [Feature] {
        if self.is_plain { &WITHOUT_MARKS } else { &[] }
    }

    fn language(self) -> Option<Language> {
        self.language.and_then(|name| name.parse().ok())
    }
}

fn direction(rtl: bool) -> Direction {
    if rtl { Direction::RightToLeft } else { Direction::LeftToRight }
}
