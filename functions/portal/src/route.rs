//! Every address of the portal: how it is asked, by whom, and who answers.

use crate::{
    Shared, about, completion, details, entry, events, help, home, import, manage, office, profile, registration,
    tracker, wallet,
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{MethodRouter, on},
};
use pages::{
    assets,
    route::{Verb, guarded},
    visitor::Policy,
};

pages::routes! {
    /// The portal's routes.
    pub enum Route {
        /// The front page.
        Home,
        /// What a mail's link asks that ends reminders.
        StopReminders,
        /// Ends them.
        RemindersStopped,
        /// Import CE Details, with the history.
        Imports,
        /// Announces an import.
        StartImport,
        /// The sample format for uploads.
        Sample,
        /// One import.
        Import,
        /// One import's counts, while it runs.
        ImportCounts,
        /// The annotated workbook.
        ImportWorkbook,
        /// Imports what a check found sound.
        ImportChecked,
        /// The import of a register, with the history.
        RegisterImports,
        /// Announces an import of a register.
        StartRegisterImport,
        /// A register's sample format.
        RegisterSample,
        /// CE Details: the individuals who took a provider's courses.
        Details,
        /// Makes a file of them.
        ExportDetails,
        /// One record of CE Details, with its history.
        Credit,
        /// The form that corrects a record.
        CreditCorrection,
        /// Corrects a record.
        CorrectCredit,
        /// The form that withdraws a record.
        CreditWithdrawal,
        /// Withdraws a record.
        WithdrawCredit,
        /// The form that restores a withdrawn record.
        CreditRestoration,
        /// Restores a withdrawn record.
        RestoreCredit,
        /// Finds licensees by their number.
        Licensees,
        /// A licensee's Office Profile.
        Licensee,
        /// The office: one record of a licensee's Courses, with its history.
        OfficeCredit,
        /// The office: the form that corrects a licensee's record.
        OfficeCreditCorrection,
        /// The office: corrects a licensee's record.
        OfficeCorrectCredit,
        /// The office: the form that withdraws a licensee's record.
        OfficeCreditWithdrawal,
        /// The office: withdraws a licensee's record.
        OfficeWithdrawCredit,
        /// The office: the form that restores a licensee's withdrawn record.
        OfficeCreditRestoration,
        /// The office: restores a licensee's withdrawn record.
        OfficeRestoreCredit,
        /// Changes a licensee's entry.
        SaveLicensee,
        /// The register of providers.
        Providers,
        /// A provider's entry.
        Provider,
        /// Changes a provider's entry.
        SaveProvider,
        /// The register of courses.
        Courses,
        /// A course's entry.
        Course,
        /// Changes a course's entry.
        SaveCourse,
        /// The form for a new entry of a register.
        AddEntry,
        /// Adds an entry.
        SaveNewEntry,
        /// What the office is asked for.
        Requests,
        /// One request.
        Request,
        /// Decides it.
        DecideRequest,
        /// CE Profile.
        Profile,
        /// The form that asks for its change.
        ChangeProfile,
        /// Asks the office for it.
        AskForChange,
        /// Takes a request back.
        TakeBack,
        /// A provider's events.
        ManagedEvents,
        /// The form for a new event.
        NewEvent,
        /// Makes a draft.
        MakeEvent,
        /// What stands of an event's attendance.
        Attendance,
        /// One person's attendance, explained.
        AttendancePerson,
        /// Says something of one person's attendance.
        SayOfPerson,
        /// One person's explanation, as it is kept.
        AttendanceExplanation,
        /// Who needs somebody's look.
        AttendanceReview,
        /// Says who somebody was.
        SayOfUnmatched,
        /// When an event really took place.
        AttendanceTimes,
        /// Says when it did.
        SaveAttendanceTimes,
        /// What would change now.
        AttendancePlan,
        /// Asks Zoom for its report again.
        AskZoomAgain,
        /// Uploaded exports of Zoom's.
        AttendanceFiles,
        /// Uploads one.
        UploadAttendanceFile,
        /// Says which source counts.
        UseAttendanceFile,
        /// The sign-in/sign-out sheet.
        AttendanceSheet,
        /// What was said and carried out.
        AttendanceHistory,
        /// Takes a word back.
        TakeWordBack,
        /// One event with its check-list.
        ManagedEvent,
        /// An event's details.
        EventDetails,
        /// Changes them.
        SaveEventDetails,
        /// An event's agenda.
        EventAgenda,
        /// Changes it.
        SaveEventAgenda,
        /// What bodies say of an event.
        EventApprovals,
        /// Changes that.
        SaveEventApprovals,
        /// Asks the office to consent to them.
        AskForConsent,
        /// What an event's participants are asked.
        EventQuestions,
        /// Changes that.
        SaveEventQuestions,
        /// The same as whoever answers sees it.
        EventQuestionsPreview,
        /// What their answers add up to.
        EventResults,
        /// Makes a file of that.
        ExportEventResults,
        /// Where an event takes place.
        EventRoom,
        /// Changes that.
        SaveEventRoom,
        /// Publishes a draft.
        PublishEvent,
        /// The form that cancels an event.
        EventCancellation,
        /// Cancels it.
        CancelEvent,
        /// The form that deletes a draft.
        EventDeletion,
        /// Deletes it.
        DeleteEvent,
        /// The form that copies an event.
        EventCopying,
        /// Copies it.
        CopyEvent,
        /// The form that makes a series of an event.
        EventSeries,
        /// Shows the days of a series, and makes it.
        MakeSeries,
        /// What was changed of an event.
        EventHistory,
        /// A licensee's own record.
        WalletCourses,
        /// What boards ask of their licensees.
        Requirements,
        /// A board's requirements.
        EditRequirements,
        /// Saves them as a new version, or tries them out.
        SaveRequirements,
        /// CE Tracker.
        Tracker,
        /// Where one credit counts.
        CreditPlace,
        /// Says where it counts.
        AssignCredit,
        /// A license's days.
        LicenceCycle,
        /// Tells them.
        SaveLicenceCycle,
        /// The form for a certificate from elsewhere.
        OutsideCertificate,
        /// Enters one.
        SaveOutsideCertificate,
        /// Removes one.
        RemoveOutsideCertificate,
        /// The file of one.
        OutsideFile,
        /// A licensee's transcripts.
        Transcripts,
        /// Makes one.
        MakeTranscript,
        /// Its file.
        TranscriptFile,
        /// The credits as a list.
        TranscriptList,
        /// Asks again for one that is late.
        TranscriptAgain,
        /// Removes one.
        RemoveTranscript,
        /// The catalogue of events.
        Events,
        /// An event.
        Event,
        /// An event's file for calendars.
        EventCalendar,
        /// Registers for an event.
        Register,
        /// The page that asks whether a registration is to be cancelled.
        Cancellation,
        /// Cancels a registration.
        CancelRegistration,
        /// A licensee's own events.
        MyEvents,
        /// The evaluations that somebody is invited to.
        Evaluations,
        /// One of them.
        Evaluation,
        /// Saves or submits it.
        SendEvaluation,
        /// The certificates of somebody's own.
        Certificates,
        /// A sheet of one.
        CertificateSheet,
        /// What one looks like.
        CertificatePreview,
        /// All that count, as one file.
        AllCertificates,
        /// The certificates of an event.
        EventCertificates,
        /// One person's.
        CertificateOf,
        /// Revokes it or issues it again.
        ActOnCertificate,
        /// A licensee's own page of an event.
        MainHall,
        /// Leads into an event by the licensee's own link.
        JoinNow,
        /// The explanation of a licensee's own attendance, as it is kept.
        OwnAttendance,
        /// Why a licensee has no evaluation of an event.
        Missing,
        /// Appeals against what was decided of a licensee's own attendance.
        SendAppeal,
        /// Names the telephone call that a licensee came in by.
        ClaimCall,
        /// The appeals that wait for an answer.
        Appeals,
        /// Somebody's appeals about an event.
        Appeal,
        /// Answers one.
        AnswerAppeal,
        /// The file that came with one.
        AppealFile,
        /// Who is registered for an event.
        People,
        /// Makes a file of them.
        ExportPeople,
        /// The lists of people that were uploaded for an event.
        PeopleImports,
        /// Announces such a list.
        StartPeopleImport,
        /// Its sample format.
        PeopleSample,
        /// Takes somebody off the list.
        TakeOff,
        /// Confirms what a provider has put the visitor down for.
        Confirm,
        /// Says that the visitor isn't coming.
        Decline,
        /// Who is there while an event runs.
        LivePeople,
        /// Compares a meeting's settings at Zoom with what its event needs.
        CheckWhere,
        /// The connection to Zoom.
        ZoomSettings,
        /// Tests it.
        TestZoom,
        /// The organisation's settings.
        Settings,
        /// Saves them.
        SaveSettings,
        /// Takes a logo.
        SaveLogo,
        /// The organisation's texts.
        Texts,
        /// Saves them.
        SaveTexts,
        /// How long evaluations can be submitted, and who signs certificates.
        CertificationSettings,
        /// Saves that.
        SaveCertification,
        /// Takes the picture of a signature, or takes it away.
        SaveSignature,
        /// How bodies count credit.
        CreditTypes,
        /// Saves that.
        SaveCreditTypes,
        /// Policies and privacy.
        About,
        /// The logo.
        Logo,
        /// The manual's index and its search.
        Help,
        /// An article of the manual.
        HelpArticle,
        /// Counts whether an article answered the question.
        HelpAnswer,
        /// The examples of a successful and a failed import.
        HelpExample,
        /// What readers answered about the manual.
        OfficeHelp,
        /// Static files.
        Asset,
    }
}

impl Route {
    /// How it is asked.
    pub const fn verb(self) -> Verb {
        match self {
            Route::Home
            | Route::Imports
            | Route::Sample
            | Route::Import
            | Route::ImportCounts
            | Route::ImportWorkbook
            | Route::RegisterImports
            | Route::RegisterSample
            | Route::Details
            | Route::Credit
            | Route::CreditCorrection
            | Route::CreditWithdrawal
            | Route::CreditRestoration
            | Route::OfficeCredit
            | Route::OfficeCreditCorrection
            | Route::OfficeCreditWithdrawal
            | Route::OfficeCreditRestoration
            | Route::Licensees
            | Route::Licensee
            | Route::Providers
            | Route::Provider
            | Route::Courses
            | Route::Course
            | Route::AddEntry
            | Route::Requests
            | Route::Request
            | Route::Profile
            | Route::ChangeProfile
            | Route::ManagedEvents
            | Route::NewEvent
            | Route::ManagedEvent
            | Route::EventDetails
            | Route::EventAgenda
            | Route::EventApprovals
            | Route::EventQuestions
            | Route::EventQuestionsPreview
            | Route::EventResults
            | Route::EventRoom
            | Route::EventCancellation
            | Route::EventDeletion
            | Route::EventCopying
            | Route::EventSeries
            | Route::EventHistory
            | Route::CreditTypes
            | Route::Requirements
            | Route::EditRequirements
            | Route::Tracker
            | Route::CreditPlace
            | Route::LicenceCycle
            | Route::OutsideCertificate
            | Route::OutsideFile
            | Route::StopReminders
            | Route::Transcripts
            | Route::TranscriptFile
            | Route::TranscriptList
            | Route::CertificatePreview
            | Route::WalletCourses
            | Route::Events
            | Route::Event
            | Route::EventCalendar
            | Route::Cancellation
            | Route::MyEvents
            | Route::Evaluations
            | Route::Evaluation
            | Route::Certificates
            | Route::CertificateSheet
            | Route::EventCertificates
            | Route::CertificateOf
            | Route::MainHall
            | Route::OwnAttendance
            | Route::Missing
            | Route::Appeals
            | Route::Appeal
            | Route::AppealFile
            | Route::People
            | Route::PeopleImports
            | Route::PeopleSample
            | Route::LivePeople
            | Route::ZoomSettings
            | Route::Settings
            | Route::Texts
            | Route::CertificationSettings
            | Route::About
            | Route::Logo
            | Route::Help
            | Route::HelpArticle
            | Route::HelpExample
            | Route::OfficeHelp
            | Route::Attendance
            | Route::AttendancePerson
            | Route::AttendanceExplanation
            | Route::AttendanceReview
            | Route::AttendanceTimes
            | Route::AttendancePlan
            | Route::AttendanceFiles
            | Route::AttendanceSheet
            | Route::AttendanceHistory
            | Route::Asset => Verb::Get,
            Route::StartImport
            | Route::Register
            | Route::CancelRegistration
            | Route::JoinNow
            | Route::AssignCredit
            | Route::SaveLicenceCycle
            | Route::SaveOutsideCertificate
            | Route::RemoveOutsideCertificate
            | Route::RemindersStopped
            | Route::MakeTranscript
            | Route::TranscriptAgain
            | Route::RemoveTranscript
            | Route::AllCertificates
            | Route::SaveRequirements
            | Route::SendAppeal
            | Route::ClaimCall
            | Route::SendEvaluation
            | Route::AnswerAppeal
            | Route::ActOnCertificate
            | Route::ExportPeople
            | Route::StartPeopleImport
            | Route::TakeOff
            | Route::Confirm
            | Route::Decline
            | Route::CheckWhere
            | Route::TestZoom
            | Route::StartRegisterImport
            | Route::ImportChecked
            | Route::ExportDetails
            | Route::CorrectCredit
            | Route::WithdrawCredit
            | Route::RestoreCredit
            | Route::OfficeCorrectCredit
            | Route::OfficeWithdrawCredit
            | Route::OfficeRestoreCredit
            | Route::SaveSettings
            | Route::SaveLogo
            | Route::SaveTexts
            | Route::SaveCertification
            | Route::SaveSignature
            | Route::SaveLicensee
            | Route::SaveProvider
            | Route::SaveCourse
            | Route::SaveNewEntry
            | Route::DecideRequest
            | Route::AskForChange
            | Route::TakeBack
            | Route::MakeEvent
            | Route::SaveEventDetails
            | Route::SaveEventAgenda
            | Route::SaveEventApprovals
            | Route::AskForConsent
            | Route::SaveEventQuestions
            | Route::ExportEventResults
            | Route::SaveEventRoom
            | Route::PublishEvent
            | Route::CancelEvent
            | Route::DeleteEvent
            | Route::CopyEvent
            | Route::MakeSeries
            | Route::SaveCreditTypes
            | Route::SayOfPerson
            | Route::SayOfUnmatched
            | Route::SaveAttendanceTimes
            | Route::AskZoomAgain
            | Route::UploadAttendanceFile
            | Route::UseAttendanceFile
            | Route::TakeWordBack
            | Route::HelpAnswer => Verb::Post,
        }
    }

    /// Where it stands.
    pub const fn path(self) -> &'static str {
        match self {
            Route::Home => "/",
            Route::Imports | Route::StartImport => "/import",
            Route::Sample => "/import/sample.xlsx",
            Route::Import => "/import/{id}",
            Route::ImportCounts => "/import/{id}/counts",
            Route::ImportWorkbook => "/import/{id}/workbook",
            Route::ImportChecked => "/import/{id}/import",
            Route::RegisterImports | Route::StartRegisterImport => "/office/registers/{register}/import",
            Route::RegisterSample => "/office/registers/{register}/sample.xlsx",
            Route::Licensees => "/office/licensees",
            // The number comes last and whole: some boards' numbers have slashes.
            Route::Licensee | Route::SaveLicensee => "/office/licensees/{board}/{profession}/{*number}",
            Route::Details => "/details",
            Route::ExportDetails => "/details/export",
            Route::Credit => "/details/credits/{credit}",
            Route::CreditCorrection | Route::CorrectCredit => "/details/credits/{credit}/correct",
            Route::CreditWithdrawal | Route::WithdrawCredit => "/details/credits/{credit}/withdraw",
            Route::CreditRestoration | Route::RestoreCredit => "/details/credits/{credit}/restore",
            Route::OfficeCredit => "/office/credits/{credit}",
            Route::OfficeCreditCorrection | Route::OfficeCorrectCredit => "/office/credits/{credit}/correct",
            Route::OfficeCreditWithdrawal | Route::OfficeWithdrawCredit => "/office/credits/{credit}/withdraw",
            Route::OfficeCreditRestoration | Route::OfficeRestoreCredit => "/office/credits/{credit}/restore",
            Route::Providers => "/office/providers",
            Route::Provider | Route::SaveProvider => "/office/providers/{id}",
            Route::Courses => "/office/courses",
            Route::Course | Route::SaveCourse => "/office/courses/{*number}",
            Route::AddEntry | Route::SaveNewEntry => "/office/registers/{register}/add",
            Route::Requests => "/office/requests",
            Route::Request | Route::DecideRequest => "/office/requests/{id}",
            Route::Profile => "/profile",
            Route::ChangeProfile => "/profile/change",
            Route::AskForChange => "/profile/change/{once}",
            Route::TakeBack => "/profile/requests/{id}/take-back",
            Route::ManagedEvents => "/manage/events",
            Route::NewEvent | Route::MakeEvent => "/manage/events/new",
            Route::ManagedEvent => "/manage/events/{id}",
            Route::EventDetails | Route::SaveEventDetails => "/manage/events/{id}/details",
            Route::EventAgenda | Route::SaveEventAgenda => "/manage/events/{id}/agenda",
            Route::EventApprovals | Route::SaveEventApprovals => "/manage/events/{id}/approvals",
            Route::AskForConsent => "/manage/events/{id}/consent",
            Route::EventQuestions | Route::SaveEventQuestions => "/manage/events/{id}/evaluation",
            Route::EventQuestionsPreview => "/manage/events/{id}/evaluation/preview",
            Route::EventResults => "/manage/events/{id}/results",
            Route::ExportEventResults => "/manage/events/{id}/results/export",
            Route::EventRoom | Route::SaveEventRoom => "/manage/events/{id}/where",
            Route::PublishEvent => "/manage/events/{id}/publish",
            Route::EventCancellation | Route::CancelEvent => "/manage/events/{id}/cancel",
            Route::EventDeletion | Route::DeleteEvent => "/manage/events/{id}/delete",
            Route::EventCopying | Route::CopyEvent => "/manage/events/{id}/copy",
            Route::EventSeries | Route::MakeSeries => "/manage/events/{id}/series",
            Route::EventHistory => "/manage/events/{id}/history",
            Route::Attendance => "/manage/events/{id}/attendance",
            Route::AttendancePerson | Route::SayOfPerson => "/manage/events/{id}/attendance/people/{account}",
            Route::AttendanceExplanation => "/manage/events/{id}/attendance/people/{account}/explanation.json",
            Route::AttendanceReview | Route::SayOfUnmatched => "/manage/events/{id}/attendance/review",
            Route::AttendanceTimes | Route::SaveAttendanceTimes => "/manage/events/{id}/attendance/times",
            Route::AttendancePlan => "/manage/events/{id}/attendance/plan",
            Route::AskZoomAgain => "/manage/events/{id}/attendance/fetch",
            Route::AttendanceFiles | Route::UploadAttendanceFile => "/manage/events/{id}/attendance/files",
            Route::UseAttendanceFile => "/manage/events/{id}/attendance/files/use",
            Route::AttendanceSheet => "/manage/events/{id}/attendance/sheet",
            Route::AttendanceHistory | Route::TakeWordBack => "/manage/events/{id}/attendance/history",
            Route::CreditTypes | Route::SaveCreditTypes => "/office/settings/credit",
            Route::WalletCourses => "/wallet/courses",
            Route::Requirements => "/office/requirements",
            Route::EditRequirements | Route::SaveRequirements => "/office/requirements/edit",
            Route::StopReminders | Route::RemindersStopped => "/reminders/stop",
            Route::Tracker => "/wallet/tracker",
            Route::CreditPlace | Route::AssignCredit => "/wallet/tracker/credit",
            Route::LicenceCycle | Route::SaveLicenceCycle => "/wallet/tracker/cycle",
            Route::OutsideCertificate | Route::SaveOutsideCertificate => "/wallet/outside",
            Route::RemoveOutsideCertificate => "/wallet/outside/{id}/remove",
            Route::OutsideFile => "/wallet/outside/{id}/file",
            Route::Transcripts | Route::MakeTranscript => "/wallet/transcripts",
            Route::TranscriptList => "/wallet/transcripts/credits.csv",
            Route::AllCertificates => "/wallet/certificates/all",
            Route::CertificatePreview => "/wallet/certificates/{code}/preview.svg",
            Route::TranscriptFile => "/wallet/transcripts/{id}/file",
            Route::TranscriptAgain => "/wallet/transcripts/{id}/again",
            Route::RemoveTranscript => "/wallet/transcripts/{id}/remove",
            Route::Events => "/events",
            Route::Event => "/events/{id}",
            Route::Register => "/events/{id}/register",
            Route::Cancellation | Route::CancelRegistration => "/events/{id}/cancel",
            Route::MyEvents => "/wallet/events",
            Route::Evaluations => "/wallet/evaluations",
            Route::Evaluation | Route::SendEvaluation => "/wallet/evaluations/{event}",
            Route::EventCertificates => "/manage/events/{id}/certificates",
            Route::CertificateOf | Route::ActOnCertificate => "/manage/events/{id}/certificates/{account}",
            Route::Certificates => "/wallet/certificates",
            Route::CertificateSheet => "/wallet/certificates/{code}/{paper}",
            Route::MainHall => "/wallet/events/{id}",
            Route::JoinNow => "/wallet/events/{id}/join",
            Route::OwnAttendance => "/wallet/events/{id}/attendance.json",
            Route::Missing | Route::SendAppeal => "/wallet/missing/{event}",
            Route::ClaimCall => "/wallet/missing/{event}/call",
            Route::Appeals => "/manage/appeals",
            Route::Appeal | Route::AnswerAppeal => "/manage/events/{id}/appeals/{account}",
            Route::AppealFile => "/manage/events/{id}/appeals/{account}/files/{number}",
            Route::People => "/manage/events/{id}/people",
            Route::ExportPeople => "/manage/events/{id}/people/export",
            Route::PeopleImports | Route::StartPeopleImport => "/manage/events/{id}/people/import",
            Route::PeopleSample => "/manage/events/{id}/people/sample.xlsx",
            Route::TakeOff => "/manage/events/{id}/people/take-off",
            Route::Confirm => "/events/{id}/confirm",
            Route::Decline => "/events/{id}/decline",
            Route::LivePeople => "/manage/events/{id}/people/live",
            Route::CheckWhere => "/manage/events/{id}/where/check",
            Route::ZoomSettings => "/office/settings/zoom",
            Route::TestZoom => "/office/settings/zoom/test",
            Route::EventCalendar => "/events/{id}/calendar.ics",
            Route::Settings | Route::SaveSettings => "/office/settings",
            Route::SaveLogo => "/office/settings/logo",
            Route::Texts | Route::SaveTexts => "/office/settings/texts",
            Route::CertificationSettings | Route::SaveCertification => "/office/settings/certificates",
            Route::SaveSignature => "/office/settings/certificates/signature",
            Route::About => "/about",
            Route::Logo => "/organisation/{name}",
            Route::Help => "/help",
            Route::HelpArticle | Route::HelpAnswer => "/help/{article}",
            Route::HelpExample => "/help/examples/{name}",
            Route::OfficeHelp => "/office/help",
            Route::Asset => "/assets/{name}",
        }
    }

    /// Who may use it.
    pub const fn policy(self) -> Policy {
        match self {
            Route::Home
            | Route::StopReminders
            | Route::RemindersStopped
            | Route::Events
            | Route::Event
            | Route::EventCalendar
            | Route::Register
            | Route::Confirm
            | Route::About
            | Route::Logo
            | Route::Help
            | Route::HelpArticle
            | Route::HelpAnswer
            | Route::HelpExample
            | Route::Asset => Policy::Public,
            Route::Imports
            | Route::StartImport
            | Route::Sample
            | Route::Details
            | Route::ExportDetails
            | Route::Credit
            | Route::CreditCorrection
            | Route::CorrectCredit
            | Route::CreditWithdrawal
            | Route::WithdrawCredit
            | Route::CreditRestoration
            | Route::RestoreCredit
            | Route::Profile
            | Route::ChangeProfile
            | Route::AskForChange
            | Route::TakeBack => Policy::Provider,
            Route::Import
            | Route::ImportCounts
            | Route::ImportWorkbook
            | Route::ImportChecked
            | Route::People
            | Route::ExportPeople
            | Route::PeopleImports
            | Route::StartPeopleImport
            | Route::PeopleSample
            | Route::TakeOff
            | Route::LivePeople
            | Route::CheckWhere
            | Route::ManagedEvents
            | Route::NewEvent
            | Route::MakeEvent
            | Route::ManagedEvent
            | Route::EventDetails
            | Route::SaveEventDetails
            | Route::EventAgenda
            | Route::SaveEventAgenda
            | Route::EventApprovals
            | Route::SaveEventApprovals
            | Route::AskForConsent
            | Route::EventQuestions
            | Route::SaveEventQuestions
            | Route::EventQuestionsPreview
            | Route::EventResults
            | Route::ExportEventResults
            | Route::EventRoom
            | Route::SaveEventRoom
            | Route::PublishEvent
            | Route::EventCancellation
            | Route::CancelEvent
            | Route::EventDeletion
            | Route::DeleteEvent
            | Route::EventCopying
            | Route::CopyEvent
            | Route::EventSeries
            | Route::MakeSeries
            | Route::Attendance
            | Route::AttendancePerson
            | Route::SayOfPerson
            | Route::AttendanceExplanation
            | Route::AttendanceReview
            | Route::SayOfUnmatched
            | Route::AttendanceTimes
            | Route::SaveAttendanceTimes
            | Route::AttendancePlan
            | Route::AskZoomAgain
            | Route::AttendanceFiles
            | Route::UploadAttendanceFile
            | Route::UseAttendanceFile
            | Route::AttendanceSheet
            | Route::AttendanceHistory
            | Route::TakeWordBack
            | Route::Appeals
            | Route::Appeal
            | Route::EventCertificates
            | Route::CertificateOf
            | Route::AnswerAppeal
            | Route::ActOnCertificate
            | Route::AppealFile
            | Route::EventHistory => Policy::ProviderOrOffice,
            Route::RegisterImports
            | Route::StartRegisterImport
            | Route::RegisterSample
            | Route::Licensees
            | Route::Licensee
            | Route::OfficeCredit
            | Route::OfficeCreditCorrection
            | Route::OfficeCorrectCredit
            | Route::OfficeCreditWithdrawal
            | Route::OfficeWithdrawCredit
            | Route::OfficeCreditRestoration
            | Route::OfficeRestoreCredit
            | Route::Settings
            | Route::SaveSettings
            | Route::SaveLogo
            | Route::Texts
            | Route::SaveTexts
            | Route::CertificationSettings
            | Route::SaveCertification
            | Route::SaveSignature
            | Route::Requirements
            | Route::EditRequirements
            | Route::SaveRequirements
            | Route::CreditTypes
            | Route::SaveCreditTypes
            | Route::SaveLicensee
            | Route::Providers
            | Route::Provider
            | Route::SaveProvider
            | Route::Courses
            | Route::Course
            | Route::SaveCourse
            | Route::AddEntry
            | Route::SaveNewEntry
            | Route::Requests
            | Route::Request
            | Route::DecideRequest
            | Route::ZoomSettings
            | Route::TestZoom
            | Route::OfficeHelp => Policy::Office,
            Route::Cancellation
            | Route::CancelRegistration
            | Route::Decline
            | Route::MyEvents
            | Route::Evaluations
            | Route::Evaluation
            | Route::Certificates
            | Route::CertificateSheet
            | Route::MainHall
            | Route::JoinNow
            | Route::OwnAttendance
            | Route::Missing
            | Route::SendAppeal
            | Route::ClaimCall
            | Route::SendEvaluation
            | Route::Tracker
            | Route::CreditPlace
            | Route::LicenceCycle
            | Route::OutsideCertificate
            | Route::OutsideFile
            | Route::Transcripts
            | Route::MakeTranscript
            | Route::TranscriptFile
            | Route::TranscriptList
            | Route::TranscriptAgain
            | Route::RemoveTranscript
            | Route::AllCertificates
            | Route::CertificatePreview
            | Route::AssignCredit
            | Route::SaveLicenceCycle
            | Route::SaveOutsideCertificate
            | Route::RemoveOutsideCertificate
            | Route::WalletCourses => Policy::Licensee,
        }
    }

    fn handler(self) -> MethodRouter<Shared> {
        let by = self.verb().filter();
        match self {
            Route::Home => on(by, home::show),
            Route::Imports => on(by, import::history::show),
            Route::StartImport => on(by, import::start::announce),
            Route::Sample => on(by, help::sample),
            Route::Import => on(by, import::one::show),
            Route::ImportCounts => on(by, import::counts::show),
            Route::ImportWorkbook => on(by, import::follow::workbook),
            Route::ImportChecked => on(by, import::follow::import_checked),
            Route::RegisterImports => on(by, import::history::show_register),
            Route::StartRegisterImport => on(by, import::start::announce_register),
            Route::RegisterSample => on(by, help::register_sample),
            Route::Licensees => on(by, office::search),
            Route::Licensee => on(by, office::show),
            Route::SaveLicensee => larger(on(by, office::save), entry::LARGEST_ENTRY_FORM),
            Route::Details => on(by, details::list::show),
            Route::ExportDetails => on(by, details::export::make),
            Route::Credit | Route::OfficeCredit => on(by, details::record::show),
            Route::CreditCorrection | Route::OfficeCreditCorrection => on(by, details::correct::show),
            Route::CorrectCredit | Route::OfficeCorrectCredit => on(by, details::correct::save),
            Route::CreditWithdrawal | Route::OfficeCreditWithdrawal => on(by, details::withdraw::show),
            Route::WithdrawCredit | Route::OfficeWithdrawCredit => on(by, details::withdraw::save),
            Route::CreditRestoration | Route::OfficeCreditRestoration => on(by, details::withdraw::show_restoration),
            Route::RestoreCredit | Route::OfficeRestoreCredit => on(by, details::withdraw::save_restoration),
            Route::Providers => on(by, office::lists::providers),
            Route::Provider => on(by, office::entries::show_provider),
            Route::SaveProvider => larger(on(by, office::entries::save_provider), entry::LARGEST_ENTRY_FORM),
            Route::Courses => on(by, office::lists::courses),
            Route::Course => on(by, office::entries::show_course),
            Route::SaveCourse => larger(on(by, office::entries::save_course), entry::LARGEST_ENTRY_FORM),
            Route::AddEntry => on(by, office::entries::show_add),
            Route::SaveNewEntry => larger(on(by, office::entries::add), entry::LARGEST_ENTRY_FORM),
            Route::Requests => on(by, office::requests::queue),
            Route::Request => on(by, office::requests::show),
            Route::DecideRequest => on(by, office::requests::decide),
            Route::Profile => on(by, profile::show),
            Route::ChangeProfile => on(by, profile::change::show),
            Route::AskForChange => larger(on(by, profile::change::ask), entry::LARGEST_ENTRY_FORM),
            Route::TakeBack => on(by, profile::change::take_back),
            Route::ManagedEvents => on(by, manage::list::show),
            Route::NewEvent => on(by, manage::new::show),
            Route::MakeEvent => on(by, manage::new::make),
            Route::ManagedEvent => on(by, manage::overview::show),
            Route::EventDetails => on(by, manage::details::show),
            Route::SaveEventDetails => larger(on(by, manage::details::change), manage::details::LARGEST_DETAILS_FORM),
            Route::EventAgenda => on(by, manage::agenda::show),
            Route::SaveEventAgenda => larger(on(by, manage::agenda::change), manage::agenda::LARGEST_AGENDA_FORM),
            Route::EventApprovals => on(by, manage::approvals::show),
            Route::SaveEventApprovals => {
                larger(on(by, manage::approvals::change), manage::approvals::LARGEST_APPROVALS_FORM)
            }
            Route::AskForConsent => on(by, manage::consent::ask),
            Route::EventQuestions => on(by, manage::evaluation::show),
            Route::SaveEventQuestions => {
                larger(on(by, manage::evaluation::change), manage::evaluation::LARGEST_QUESTION_FORM)
            }
            Route::EventQuestionsPreview => on(by, manage::evaluation::preview),
            Route::EventResults => on(by, manage::evaluation::results),
            Route::ExportEventResults => on(by, manage::evaluation::export),
            Route::EventRoom => on(by, manage::room::show),
            Route::SaveEventRoom => on(by, manage::room::change),
            Route::PublishEvent => on(by, manage::overview::publish),
            Route::EventCancellation => on(by, manage::ending::show_cancel),
            Route::CancelEvent => on(by, manage::ending::cancel),
            Route::EventDeletion => on(by, manage::ending::show_delete),
            Route::DeleteEvent => on(by, manage::ending::delete),
            Route::EventCopying => on(by, manage::copies::show),
            Route::CopyEvent => on(by, manage::copies::make),
            Route::EventSeries => on(by, manage::series::show),
            Route::MakeSeries => on(by, manage::series::make),
            Route::EventHistory => on(by, manage::history::show),
            Route::Attendance => on(by, manage::attendance::overview::show),
            Route::AttendancePerson => on(by, manage::attendance::person::show),
            Route::SayOfPerson => {
                larger(on(by, manage::attendance::person_deeds::deed), manage::attendance::LARGEST_WORD_FORM)
            }
            Route::AttendanceExplanation => on(by, manage::attendance::person::explanation),
            Route::AttendanceReview => on(by, manage::attendance::review::show),
            Route::SayOfUnmatched => larger(
                on(by, manage::attendance::review_deeds::deed),
                manage::attendance::review_deeds::LARGEST_REVIEW_FORM,
            ),
            Route::AttendanceTimes => on(by, manage::attendance::times_page::show),
            Route::SaveAttendanceTimes => {
                larger(on(by, manage::attendance::times_page::save), manage::attendance::times_page::LARGEST_TIMES_FORM)
            }
            Route::AttendancePlan => on(by, manage::attendance::plan::show),
            Route::AskZoomAgain => on(by, manage::attendance::plan::fetch),
            Route::AttendanceFiles => on(by, manage::attendance::files::show),
            Route::UploadAttendanceFile => {
                larger(on(by, manage::attendance::files::upload), manage::attendance::files::LARGEST_UPLOAD_FORM)
            }
            Route::UseAttendanceFile => {
                larger(on(by, manage::attendance::files::use_file), manage::attendance::LARGEST_WORD_FORM)
            }
            Route::AttendanceSheet => on(by, manage::attendance::print::show),
            Route::AttendanceHistory => on(by, manage::attendance::history::show),
            Route::TakeWordBack => {
                larger(on(by, manage::attendance::history::take_back), manage::attendance::LARGEST_WORD_FORM)
            }
            Route::CreditTypes => on(by, office::credit_types::show),
            Route::SaveCreditTypes => on(by, office::credit_types::save),
            Route::WalletCourses => on(by, wallet::courses),
            Route::Requirements => on(by, office::requirements::list),
            Route::EditRequirements => on(by, office::requirements::edit),
            Route::SaveRequirements => {
                larger(on(by, office::requirements::save), office::requirements::LARGEST_REQUIREMENTS_FORM)
            }
            Route::Tracker => on(by, tracker::show::show),
            Route::CreditPlace => on(by, tracker::place::show),
            Route::AssignCredit => on(by, tracker::place::save),
            Route::LicenceCycle => on(by, tracker::cycle::show),
            Route::SaveLicenceCycle => on(by, tracker::cycle::save),
            Route::OutsideCertificate => on(by, tracker::outside::show),
            Route::SaveOutsideCertificate => {
                larger(on(by, tracker::outside::save), tracker::outside::LARGEST_OUTSIDE_FORM)
            }
            Route::RemoveOutsideCertificate => on(by, tracker::outside::remove),
            Route::OutsideFile => on(by, tracker::outside::file),
            Route::StopReminders => on(by, tracker::stop::show),
            Route::RemindersStopped => on(by, tracker::stop::stop),
            Route::Transcripts => on(by, tracker::transcript::show),
            Route::MakeTranscript => on(by, tracker::transcript::make),
            Route::TranscriptFile => on(by, tracker::transcript::pdf),
            Route::TranscriptList => on(by, tracker::transcript::csv),
            Route::TranscriptAgain => on(by, tracker::transcript::again),
            Route::RemoveTranscript => on(by, tracker::transcript::remove),
            Route::AllCertificates => on(by, completion::every::make),
            Route::CertificatePreview => on(by, completion::certificates::preview),
            Route::Events => on(by, events::list::show),
            Route::Event => on(by, events::one::show),
            Route::EventCalendar => on(by, events::calendar::show),
            Route::Register => on(by, registration::register::register),
            Route::Cancellation => on(by, registration::cancel::show),
            Route::CancelRegistration => on(by, registration::cancel::cancel),
            Route::MyEvents => on(by, registration::my_events::show),
            Route::Evaluations => on(by, completion::evaluations::show),
            Route::Evaluation => on(by, completion::evaluate::show),
            Route::SendEvaluation => {
                larger(on(by, completion::evaluate::send), pages::evaluation::LARGEST_EVALUATION_FORM)
            }
            Route::EventCertificates => on(by, manage::certificates::list::show),
            Route::CertificateOf => on(by, manage::certificates::one::show),
            Route::ActOnCertificate => on(by, manage::certificates::deeds::act),
            Route::Certificates => on(by, completion::certificates::show),
            Route::CertificateSheet => on(by, completion::certificates::sheet),
            Route::MainHall => on(by, registration::hall::show),
            Route::JoinNow => on(by, registration::join::join),
            Route::OwnAttendance => on(by, registration::attended::json),
            Route::Missing => on(by, registration::missing::show),
            Route::SendAppeal => larger(on(by, registration::appeal::send), registration::appeal::LARGEST_APPEAL_FORM),
            Route::ClaimCall => on(by, registration::call::claim),
            Route::Appeals => on(by, manage::appeals::queue),
            Route::Appeal => on(by, manage::appeals::one::show),
            Route::AnswerAppeal => on(by, manage::appeals::one::answer),
            Route::AppealFile => on(by, manage::appeals::one::file),
            Route::People => on(by, manage::people::list::show),
            Route::ExportPeople => on(by, manage::people::file::make),
            Route::PeopleImports => on(by, manage::people::import::show),
            Route::StartPeopleImport => on(by, manage::people::import::announce),
            Route::PeopleSample => on(by, manage::people::import::sample),
            Route::TakeOff => on(by, manage::people::import::take_off),
            Route::Confirm => on(by, registration::confirm::confirm),
            Route::Decline => on(by, registration::confirm::decline),
            Route::LivePeople => on(by, manage::people::live::show),
            Route::CheckWhere => on(by, manage::zoom_check::check),
            Route::ZoomSettings => on(by, office::zoom::show),
            Route::TestZoom => on(by, office::zoom::test),
            Route::Settings => on(by, office::settings::show),
            Route::SaveSettings => larger(on(by, office::settings::save), office::settings::LARGEST_SETTINGS_FORM),
            Route::SaveLogo => larger(on(by, office::logo::save), office::logo::LARGEST_LOGO_FORM),
            Route::Texts => on(by, office::texts::show),
            Route::CertificationSettings => on(by, office::certification::show),
            Route::SaveCertification => on(by, office::certification::save),
            Route::SaveSignature => {
                larger(on(by, office::certification::save_signature), office::certification::LARGEST_SIGNATURE_FORM)
            }
            Route::SaveTexts => larger(on(by, office::texts::save), office::texts::LARGEST_TEXTS_FORM),
            Route::About => on(by, about::show),
            Route::Logo => on(by, office::logo::show),
            Route::Help => on(by, help::index),
            Route::HelpArticle => on(by, help::article),
            Route::HelpAnswer => on(by, help::count),
            Route::HelpExample => on(by, help::example),
            Route::OfficeHelp => on(by, help::answers),
            Route::Asset => on(by, assets::serve),
        }
    }
}

/// A handler of forms that are larger than most.
fn larger(handler: MethodRouter<Shared>, bytes: usize) -> MethodRouter<Shared> {
    handler.layer(DefaultBodyLimit::max(bytes))
}

/// Every route behind its policy.
pub(crate) fn router() -> Router<Shared> {
    Route::ALL
        .iter()
        .fold(Router::new(), |router, route| router.route(route.path(), guarded(route.handler(), route.policy())))
}
