//! What makes somebody like a registrant, as staff read it. It orders suggestions, and must never decide.

/// What is alike. In order: the stronger first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// An address of theirs; somebody else has it too, or it would be decided.
    SameAddress,
    /// The same name, but for case, accents and titles.
    SameName,
    /// A call from a telephone that ends with the digits they told.
    SamePhoneDigits,
    /// One of the two names has a given name more.
    MissingMiddle,
    /// Given name and surname the other way round.
    PartsSwapped,
    /// A familiar form of the given name.
    Nickname,
    /// An address that is made of their name.
    AddressHasName,
    /// A part of the surname.
    PartOfSurname,
    /// A given name that is shortened to its first letter.
    Initial,
    /// A surname that is shortened to its first letter.
    SurnameBegun,
    /// An address that begins as theirs and goes on otherwise.
    SameMailbox,
    /// An address that is made of their surname and a first letter.
    AddressHasInitial,
    /// Nothing but their surname.
    SurnameOnly,
    /// Nothing but their given name.
    GivenNameOnly,
    /// Nobody else who is registered is missing.
    OnlyOneAbsent,
}

impl Likeness {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Likeness::SameAddress => "same_address",
            Likeness::SameName => "same_name",
            Likeness::SamePhoneDigits => "same_phone_digits",
            Likeness::MissingMiddle => "missing_middle",
            Likeness::PartsSwapped => "parts_swapped",
            Likeness::Nickname => "nickname",
            Likeness::AddressHasName => "address_has_name",
            Likeness::PartOfSurname => "part_of_surname",
            Likeness::Initial => "initial",
            Likeness::SurnameBegun => "surname_begun",
            Likeness::SameMailbox => "same_mailbox",
            Likeness::AddressHasInitial => "address_has_initial",
            Likeness::SurnameOnly => "surname_only",
            Likeness::GivenNameOnly => "given_name_only",
            Likeness::OnlyOneAbsent => "only_one_absent",
        }
    }

    /// What staff read.
    pub fn text(self) -> &'static str {
        match self {
            Likeness::SameAddress => "Zoom tells an address of theirs, which another registrant has too.",
            Likeness::SameName => "The name is the same.",
            Likeness::SamePhoneDigits => "The call came from a number with the last four digits that they told us.",
            Likeness::MissingMiddle => "The name is the same, but one of the two has a given name more.",
            Likeness::PartsSwapped => "The name is the same with its parts the other way round.",
            Likeness::Nickname => "The given name is a familiar form of theirs, and the surname is the same.",
            Likeness::AddressHasName => "The address that Zoom tells is made of their name.",
            Likeness::PartOfSurname => "The name has a part of the surname only.",
            Likeness::Initial => "The surname is the same, and the given name is shortened to its first letter.",
            Likeness::SurnameBegun => "The given name is the same, and the surname is shortened to its first letter.",
            Likeness::SameMailbox => "The address begins like one of theirs, and is at another provider.",
            Likeness::AddressHasInitial => {
                "The address that Zoom tells is made of their surname and the first letter of a given name."
            }
            Likeness::SurnameOnly => "The name is their surname, without a given name.",
            Likeness::GivenNameOnly => "The name is their given name, without a surname.",
            Likeness::OnlyOneAbsent => "They are the only one who is registered and whom the report doesn't tell.",
        }
    }

    /// How much it says, for the order of suggestions only.
    pub(super) fn weight(self) -> u32 {
        match self {
            Likeness::SameAddress => 88,
            Likeness::SameName => 82,
            Likeness::SamePhoneDigits => 80,
            Likeness::MissingMiddle => 75,
            Likeness::PartsSwapped => 72,
            Likeness::Nickname => 70,
            Likeness::AddressHasName => 65,
            Likeness::PartOfSurname => 60,
            Likeness::Initial => 55,
            Likeness::SurnameBegun => 52,
            Likeness::SameMailbox => 50,
            Likeness::AddressHasInitial => 45,
            Likeness::SurnameOnly => 40,
            Likeness::GivenNameOnly => 35,
            // Under it nothing is suggested.
            Likeness::OnlyOneAbsent => 30,
        }
    }
}
