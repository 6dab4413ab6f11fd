//! The columns of rosters and registers: what each is called in headings and in JSON. Which of them a sheet has, and where, is
//! another room's.

use crate::import::Subject;

/// A column of a sheet: of the roster the first seven, in the sample sheet's order; the registers share some and have their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// First Name
    FirstName,
    /// Last Name
    LastName,
    /// License Number
    LicenseNumber,
    /// Course Number
    CourseNumber,
    /// CE Year
    CeYear,
    /// Course Date
    CourseDate,
    /// CE Hours
    CeHours,
    /// Provider ID
    ProviderId,
    /// Provider Name
    ProviderName,
    /// Email
    Email,
    /// Contact Person
    ContactPerson,
    /// Phone
    Phone,
    /// Street
    Street,
    /// City
    City,
    /// State
    State,
    /// Postal Code
    PostalCode,
    /// Title
    Title,
    /// Hours
    Hours,
    /// Category
    Category,
    /// Approved From
    ApprovedFrom,
    /// Approved To
    ApprovedTo,
    /// Providers
    Providers,
    /// Board
    Board,
    /// Profession
    Profession,
    /// Active From
    ActiveFrom,
    /// Active To
    ActiveTo,
    /// Approval Status, in Zoom's reports
    ApprovalStatus,
}

/// How many columns there are in all.
pub(super) const COLUMNS: usize = Column::ApprovalStatus as usize + 1;

impl Column {
    /// The seven of the roster, in the sample sheet's order.
    pub const ALL: [Column; 7] = [
        Column::FirstName,
        Column::LastName,
        Column::LicenseNumber,
        Column::CourseNumber,
        Column::CeYear,
        Column::CourseDate,
        Column::CeHours,
    ];

    /// The heading in the sample sheet's words.
    pub fn heading(self) -> &'static str {
        self.words().0
    }

    /// The column's name in JSON.
    pub fn key(self) -> &'static str {
        self.words().1
    }

    /// The column with this name in JSON.
    pub fn with_key(key: &str) -> Option<Column> {
        Subject::ALL.into_iter().flat_map(Subject::columns).copied().find(|column| column.key() == key)
    }

    /// Heading and key.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Column::FirstName => ("First Name", "first_name"),
            Column::LastName => ("Last Name", "last_name"),
            Column::LicenseNumber => ("License Number", "license_number"),
            Column::CourseNumber => ("Course Number", "course_number"),
            Column::CeYear => ("CE Year", "ce_year"),
            Column::CourseDate => ("Course Date", "course_date"),
            Column::CeHours => ("CE Hours", "ce_hours"),
            Column::ProviderId => ("Provider ID", "provider_id"),
            Column::ProviderName => ("Provider Name", "provider_name"),
            Column::Email => ("Email", "email"),
            Column::ContactPerson => ("Contact Person", "contact_person"),
            Column::Phone => ("Phone", "phone"),
            Column::Street => ("Street", "street"),
            Column::City => ("City", "city"),
            Column::State => ("State", "state"),
            Column::PostalCode => ("Postal Code", "postal_code"),
            Column::Title => ("Title", "title"),
            Column::Hours => ("Hours", "hours"),
            Column::Category => ("Category", "category"),
            Column::ApprovedFrom => ("Approved From", "approved_from"),
            Column::ApprovedTo => ("Approved To", "approved_to"),
            Column::Providers => ("Providers", "providers"),
            Column::Board => ("Board", "board"),
            Column::Profession => ("Profession", "profession"),
            Column::ActiveFrom => ("Active From", "active_from"),
            Column::ActiveTo => ("Active To", "active_to"),
            Column::ApprovalStatus => ("Approval Status", "approval_status"),
        }
    }

    /// Whether samples have it: what only another program's report says is for nobody to fill in.
    pub fn is_in_samples(self) -> bool {
        self != Column::ApprovalStatus
    }

    /// Whether its values must be kept as text, since a spreadsheet would take zeros or digits from them.
    pub fn is_text(self) -> bool {
        matches!(
            self,
            Column::LicenseNumber | Column::CourseNumber | Column::ProviderId | Column::PostalCode | Column::Phone
        )
    }

    /// The roster's column that a heading names, in any spelling we know; `None` for a heading that names none of them.
    pub fn named_by(heading: &str) -> Option<Column> {
        Subject::Roster.column_named(heading)
    }

    /// Other spellings of its heading, folded: lower-case letters, digits and `#`.
    pub(super) fn spellings(self) -> &'static [&'static str] {
        match self {
            Column::FirstName => {
                &["first", "givenname", "givennames", "forename", "attendeefirstname", "fname", "licenseefirstname"]
            }
            Column::LastName => &["last", "surname", "familyname", "attendeelastname", "lname", "licenseelastname"],
            Column::LicenseNumber => &[
                "licencenumber",
                "license",
                "licence",
                "licenseno",
                "licenceno",
                "license#",
                "licence#",
                "licenseid",
                "lic#",
                "licno",
                "licnumber",
                "statelicensenumber",
                "statelicense",
                "licensenum",
                "providerlicensenumber",
                "providernumber",
                "providerno",
                "provider#",
            ],
            Column::CourseNumber => {
                &["courseno", "course#", "courseid", "coursecode", "course", "coursenum", "coursetrackingnumber"]
            }
            Column::CeYear => &["year", "cycleyear", "reportingyear", "renewalyear"],
            Column::CourseDate => &[
                "date",
                "completiondate",
                "dateofcompletion",
                "datecompleted",
                "dateofcourse",
                "coursecompletiondate",
                "dateindividualcompleted",
            ],
            Column::CeHours => &[
                "hours",
                "cehour",
                "credits",
                "cecredits",
                "credithours",
                "contacthours",
                "clehours",
                "ceus",
                "hoursearned",
            ],
            Column::ProviderId => &["id", "shortname"],
            Column::ProviderName => &["provider", "name", "organization", "organisation", "company", "sponsor"],
            Column::Email => &[
                "emailaddress",
                "mail",
                "emailonfile",
                "contactemail",
                "useremail",
                "registrantemail",
                "attendeeemail",
            ],
            Column::ContactPerson => &["contact", "contactname", "person"],
            Column::Phone => &["phonenumber", "telephone", "tel", "phoneno", "phone#", "contactphone"],
            Column::Street => &["address", "streetaddress", "address1", "addressline1", "mailingaddress"],
            Column::City => &["town", "mailingcity"],
            Column::State => &["region", "province", "stateprovince", "mailingstate"],
            Column::PostalCode => &["zip", "zipcode", "postcode", "postal", "mailingzip"],
            Column::Title => &["coursetitle", "coursename", "name"],
            Column::Hours => &[
                "cehours",
                "cehour",
                "credits",
                "cecredits",
                "credithours",
                "contacthours",
                "coursehours",
                "approvedhours",
                "clehours",
                "ceus",
            ],
            Column::Category => &["coursecategory", "subject", "subjectarea", "type", "coursetype"],
            Column::ApprovedFrom => &[
                "approvalfrom",
                "approvaldate",
                "approvalstart",
                "approvalstartdate",
                "approved",
                "effectivedate",
                "startdate",
                "from",
            ],
            Column::ApprovedTo => &[
                "approvalto",
                "approvedthrough",
                "approveduntil",
                "approvalend",
                "approvalenddate",
                "expirationdate",
                "expiration",
                "expires",
                "enddate",
                "to",
            ],
            Column::Providers => &["provider", "providerids", "providerid", "offeredby", "sponsors", "sponsor"],
            Column::Board => &["boardname", "licensingboard", "authority"],
            Column::Profession => &["licensetype", "licencetype", "professioncode", "type", "credential"],
            Column::ActiveFrom => &[
                "issuedate",
                "dateissued",
                "issued",
                "originalissuedate",
                "effectivedate",
                "startdate",
                "activesince",
                "from",
            ],
            Column::ActiveTo => &[
                "expirationdate",
                "expirydate",
                "expiration",
                "expires",
                "enddate",
                "activeuntil",
                "activethrough",
                "to",
            ],
            Column::ApprovalStatus => &[],
        }
    }
}
