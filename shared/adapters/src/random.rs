//! Chance: the operating system's random numbers.

use domain::import::ImportId;

/// A new id for an upload: 128 random bits.
pub fn import_id() -> Result<ImportId, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(ImportId::from_bits(u128::from_be_bytes(bytes)))
}
