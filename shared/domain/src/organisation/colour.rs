//! The accent colour, and whether text in it can be read. The arithmetic is WCAG 2.2's relative luminance and contrast ratio.

use std::fmt;

/// A colour of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// A text that is no colour, or a colour that can't be read.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum InvalidColour {
    /// Not of the form `#1a5fb4`.
    #[error("Write the colour as # and six digits from 0 to 9 and a to f, as in #1a5fb4.")]
    NotAColour,
    /// Text in it can't be told from a white page.
    #[error("Text in this colour is too pale on white: its contrast is {}.{:02} to 1, and it takes 4.50. Choose a darker one.", .hundredths / 100, .hundredths % 100)]
    TooPale {
        /// The contrast in hundredths.
        hundredths: u32,
    },
}

/// What WCAG 2.2 asks for text of usual size (1.4.3), in hundredths.
pub const LEAST_CONTRAST: u32 = 450;

const WHITE: Colour = Colour { red: 255, green: 255, blue: 255 };
/// The lightest of the dark page's grounds, cards included.
const DARK_GROUND: Colour = Colour { red: 0x1a, green: 0x23, blue: 0x27 };

impl Default for Colour {
    /// A calm teal.
    fn default() -> Self {
        Self { red: 0x0b, green: 0x5c, blue: 0x6b }
    }
}

impl Colour {
    /// Reads `#1a5fb4`, in which text can be read on white and white text on it.
    pub fn parse(raw: &str) -> Result<Self, InvalidColour> {
        let colour = Self::of_digits(raw.trim().trim_start_matches('#')).ok_or(InvalidColour::NotAColour)?;
        match colour.contrast(WHITE) {
            enough if enough >= LEAST_CONTRAST => Ok(colour),
            hundredths => Err(InvalidColour::TooPale { hundredths }),
        }
    }

    fn of_digits(digits: &str) -> Option<Self> {
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self { red: part(0)?, green: part(2)?, blue: part(4)? })
    }

    /// The six digits.
    pub fn digits(self) -> String {
        format!("{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// The contrast with another colour in hundredths, rounded down: 100 for the same, 2100 for black and white.
    pub fn contrast(self, other: Colour) -> u32 {
        let (one, two) = (self.luminance(), other.luminance());
        let ratio = (one.max(two) + 0.05) / (one.min(two) + 0.05);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 100 and 2100")]
        let hundredths = (ratio * 100.0) as u32;
        hundredths
    }

    /// The contrast with a white page in hundredths.
    pub fn on_white(self) -> u32 {
        self.contrast(WHITE)
    }

    /// The same colour for dark pages: mixed with white until text in it can be read there.
    pub fn on_dark(self) -> Colour {
        let mixed = |step: u16| {
            let mix = |part: u8| u8::try_from((u16::from(part) * (16 - step) + 255 * step) / 16).unwrap_or(255);
            Colour { red: mix(self.red), green: mix(self.green), blue: mix(self.blue) }
        };
        (0..16).map(mixed).find(|colour| colour.contrast(DARK_GROUND) >= LEAST_CONTRAST).unwrap_or(WHITE)
    }

    /// The same colour under the pointer: a shade further from the ground, lighter on dark pages and darker on light ones.
    pub fn under_pointer(self, on_dark: bool) -> Colour {
        let towards = if on_dark { 255 } else { 0 };
        let mix = |part: u8| u8::try_from((u16::from(part) * 3 + towards) / 4).unwrap_or(part);
        Colour { red: mix(self.red), green: mix(self.green), blue: mix(self.blue) }
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let share = f64::from(part) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "#{}", self.digits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_guidelines_own_examples() {
        let black = Colour::of_digits("000000").unwrap();
        assert_eq!(black.contrast(WHITE), 2_100);
        assert_eq!(WHITE.contrast(WHITE), 100);
        // #777 is the grey that just fails on white, #767676 the one that just passes.
        assert_eq!(Colour::parse("#777777"), Err(InvalidColour::TooPale { hundredths: 447 }));
        assert!(Colour::parse("#767676").is_ok());
    }

    #[test]
    fn every_accent_can_be_read_on_a_dark_page() {
        for digits in ["000000", "1d4f91", "7a0000", "006400", "767676"] {
            let colour = Colour::parse(digits).unwrap();
            assert!(colour.on_dark().contrast(DARK_GROUND) >= LEAST_CONTRAST, "{digits}");
        }
    }

    #[test]
    fn a_refusal_says_what_is_wrong() {
        assert_eq!(Colour::parse("red"), Err(InvalidColour::NotAColour));
        assert_eq!(Colour::parse("#12345é"), Err(InvalidColour::NotAColour));
        let told = Colour::parse("#ffee00").unwrap_err().to_string();
        assert!(told.contains("too pale on white: its contrast is 1."), "{told}");
    }
}
