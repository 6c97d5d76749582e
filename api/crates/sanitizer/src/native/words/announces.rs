//! What a word announces.

/// What a word announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::native) enum Announces {
    Phone,
    /// `name`: a name follows a colon.
    Name,
    /// `my name is`, `Mr`, `dear`: a name follows at once.
    Person,
    Address,
    Zip,
    /// The word for a street, beside its name.
    Street,
    /// A part of an address beside the street: `flat`, `building`, `city`.
    Part,
    Birth,
    Id,
    Tax,
    Health,
    Passport,
    Driver,
    Plate,
    Account,
    Card,
    Password,
    User,
    /// Something that is nobody's: an order, a price, a version. What stands before it ends there.
    Else,
}

impl Announces {
    /// Whether it stands within an address and so does not end it.
    pub(in crate::native) fn is_within_address(self) -> bool {
        matches!(self, Self::Street | Self::Part)
    }
}
