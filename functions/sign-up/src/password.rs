//! Passwords: which are taken, and how they are kept. The only room that sees one.
//!
//! By NIST SP 800-63B-4: 15 signs or more, no rules of composition, no forced change, none that is common or made of the
//! person's own words; Unicode's NFKC form is the only thing done to what was typed.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::atomic::{AtomicU64, Ordering};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, zxcvbn};

/// NIST SP 800-63B-4, 3.1.1.2: where the password is the only factor.
pub(crate) const SHORTEST: usize = 15;
/// Passphrases fit; a megabyte to hash doesn't.
pub(crate) const LONGEST: usize = 256;
/// What the estimate looks at: its work grows with the square of the length, and nobody guesses a hundred signs.
const ESTIMATED: usize = 100;

/// Letters and digits that must be left when the person's own words are taken out: as many as made a password once.
const LEAST_BESIDE: usize = 8;

/// OWASP's Argon2id parameters: 19 MiB, 2 passes, 1 lane; about 33 ms at a function's full speed.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Does the work of hashing, and counts it: what a request costs for a name that nobody has can be compared with what it costs
/// for one that somebody has. Nothing here decides by the count.
#[derive(Debug, Default)]
pub struct Hasher {
    worked: AtomicU64,
}

impl Hasher {
    /// How many hashes were worked out so far.
    pub fn worked(&self) -> u64 {
        self.worked.load(Ordering::Relaxed)
    }

    /// The work of one more hash. Each is asked for here, so that none goes uncounted.
    fn begin(&self) -> Result<Argon2<'static>, HashError> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashError)?;
        self.worked.fetch_add(1, Ordering::Relaxed);
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// A password as it was typed, in the form that is hashed. It has no `Debug`.
pub(crate) struct Password(String);

/// Why a password isn't taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weakness {
    /// Fewer than [`SHORTEST`] signs.
    TooShort,
    /// More than [`LONGEST`] signs.
    TooLong,
    /// Common, or made of words that are known of the person.
    Guessable,
}

impl Weakness {
    /// What is wrong, and what would be right.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Weakness::TooShort => {
                "The password is too short: take 15 characters or more. Four or five unrelated words are easy to remember."
            }
            Weakness::TooLong => "The password is too long: take at most 256 characters.",
            Weakness::Guessable => {
                "This password would be guessed soon: it is common, repeats itself, or is made of your own name, username, email or organization. Take some unrelated words."
            }
        }
    }
}

/// A password couldn't be hashed or compared: a fault of ours.
#[derive(Debug, thiserror::Error)]
#[error("a password could not be hashed")]
pub(crate) struct HashError;

impl Password {
    /// What was typed, in Unicode's NFKC form.
    pub(crate) fn typed(raw: &str) -> Self {
        Self(raw.nfkc().collect())
    }

    /// Judges a new password beside what is known of the person.
    pub(crate) fn judge(&self, own_words: &[&str]) -> Result<(), Weakness> {
        let length = self.0.chars().count();
        if length < SHORTEST {
            return Err(Weakness::TooShort);
        }
        if length > LONGEST {
            return Err(Weakness::TooLong);
        }
        let parts: Vec<&str> = own_words
            .iter()
            .flat_map(|words| words.split(|c: char| !c.is_alphanumeric()).chain([*words]))
            .filter(|word| word.chars().count() > 2)
            .collect();
        let begin: String = self.0.chars().take(ESTIMATED).collect();
        let is_weak = zxcvbn(&begin, &parts).score() < Score::Three || letters_beside(&begin, &parts) < LEAST_BESIDE;
        if is_weak { Err(Weakness::Guessable) } else { Ok(()) }
    }

    /// The hash to keep: Argon2id with a salt of its own.
    pub(crate) fn hash(&self, hasher: &Hasher) -> Result<String, HashError> {
        let hash = hasher.begin()?.hash_password(self.0.as_bytes()).map_err(|_| HashError)?;
        Ok(hash.to_string())
    }

    /// Whether this is the password of the hash. Without a hash one is worked on all the same, so that a name which nobody
    /// has takes as long.
    pub(crate) fn is_that_of(&self, hash: Option<&str>, hasher: &Hasher) -> Result<bool, HashError> {
        // Too long to be anybody's; the work is done on its beginning.
        let fits = self.0.chars().count() <= LONGEST;
        let typed: String = self.0.chars().take(LONGEST).collect();
        let parsed = PasswordHash::new(hash.unwrap_or(NOBODYS)).map_err(|_| HashError)?;
        let is_right = hasher.begin()?.verify_password(typed.as_bytes(), &parsed).is_ok();
        Ok(is_right && fits && hash.is_some())
    }
}

/// The letters and digits of a password that don't belong to any of these words, the longest taken out first.
fn letters_beside(password: &str, own_words: &[&str]) -> usize {
    let mut words: Vec<String> = own_words.iter().map(|word| word.to_lowercase()).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = words.iter().fold(password.to_lowercase(), |rest, word| rest.replace(word.as_str(), " "));
    rest.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Whether a hash was made with less work than is asked for now.
pub(crate) fn is_outdated(hash: &str) -> bool {
    !hash.starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$"))
}

/// The hash of a random password that nobody knows.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCEhIQ$Zp1U3gW1u3cS0Yb0n3m0l2m8mTgJYl1uM6n2m0xq1yA";

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(raw: &str) -> Result<(), Weakness> {
        Password::typed(raw).judge(&[
            "Maria",
            "Garcia",
            "maria.garcia@example.org",
            "mgarcia",
            "Acme Continuing Education",
            "TX-1234567",
        ])
    }

    #[test]
    fn long_and_uncommon_is_all_that_is_asked() {
        assert_eq!(judge("correct horse battery staple"), Ok(()));
        assert_eq!(judge("pfirsich tunnel walzer 9"), Ok(()));
        assert_eq!(judge("水は方円の器に随う、人は善悪の友による"), Ok(()));
        assert_eq!(judge(&"lantern cedar ".repeat(18)), Ok(()));
    }

    #[test]
    fn short_common_and_own_words_are_refused() {
        assert_eq!(judge("Tr0ub4dor&3"), Err(Weakness::TooShort));
        assert_eq!(judge("aaaaaaaaaaaaaaaaaaaa"), Err(Weakness::Guessable));
        assert_eq!(judge("passwordpassword"), Err(Weakness::Guessable));
        assert_eq!(judge("123456789012345678"), Err(Weakness::Guessable));
        assert_eq!(judge("maria.garcia@example.org"), Err(Weakness::Guessable));
        assert_eq!(judge("mariagarcia1234"), Err(Weakness::Guessable));
        assert_eq!(judge("Acme Continuing Education"), Err(Weakness::Guessable));
        assert_eq!(judge(&"x".repeat(257)), Err(Weakness::TooLong));
    }

    #[test]
    fn a_password_is_known_again_in_any_form_of_its_letters() {
        let hasher = Hasher::default();
        let is_right = |typed, hash: &str| Password::typed(typed).is_that_of(Some(hash), &hasher).unwrap();
        let hash = Password::typed("ﬁne café lantern 42").hash(&hasher).unwrap();
        assert!(!is_outdated(&hash) && is_outdated("$argon2id$v=19$m=4096,t=2,p=1$x"));
        assert!(is_right("fine cafe\u{301} lantern 42", &hash));
        assert!(!is_right("fine cafe lantern 42", &hash));
        assert!(!is_right("fine café lantern 42 ", &hash));
        assert_ne!(hash, Password::typed("ﬁne café lantern 42").hash(&hasher).unwrap(), "each hash has its own salt");
    }

    #[test]
    fn a_name_that_nobody_has_is_worked_on_too() {
        assert!(PasswordHash::new(NOBODYS).is_ok() && !is_outdated(NOBODYS));
        let hasher = Hasher::default();
        assert!(!Password::typed("anything at all").is_that_of(None, &hasher).unwrap());
        assert_eq!(hasher.worked(), 1);
    }
}
