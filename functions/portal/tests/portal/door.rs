//! Who is let in where, what may be changed from where, and what every answer carries.

use crate::world::{Who, World, failed, processed, request};
use adapters::table::credit_reference;
use axum::body::Body;
use domain::{
    course::CourseNumber,
    credit::CreditKey,
    id::{EventId, RequestId},
    import::Mode,
    licence::{Licence, LicenceNumber},
    request::{Asks, FieldChange},
};
use http::Method;
use portal::Route;

const OWN: u128 = 1;
/// An event of Acme's that people register for.
const PUBLISHED: u128 = 2;

/// An address of this route, about what belongs to Acme.
fn address(route: Route) -> String {
    let id = domain::import::ImportId::from_bits(OWN);
    let event = EventId::from_bits(PUBLISHED);
    let transcript = domain::id::TranscriptId::from_bits(1);
    match route {
        Route::Import => format!("/import/{id}"),
        Route::ImportCounts => format!("/import/{id}/counts"),
        Route::ImportWorkbook => format!("/import/{id}/workbook"),
        Route::ImportChecked => format!("/import/{id}/import"),
        Route::RegisterImports | Route::StartRegisterImport => "/office/registers/courses/import".to_owned(),
        Route::RegisterSample => "/office/registers/courses/sample.xlsx".to_owned(),
        Route::Licensee => "/office/licensees/TX-BON/RN/RN-1".to_owned(),
        Route::Credit => format!("/details/credits/{}", reference()),
        Route::CreditCorrection | Route::CorrectCredit => format!("/details/credits/{}/correct", reference()),
        Route::CreditWithdrawal | Route::WithdrawCredit => format!("/details/credits/{}/withdraw", reference()),
        Route::CreditRestoration | Route::RestoreCredit => format!("/details/credits/{}/restore", reference()),
        Route::OfficeCredit => format!("/office/credits/{}", reference()),
        Route::OfficeCreditCorrection | Route::OfficeCorrectCredit => {
            format!("/office/credits/{}/correct", reference())
        }
        Route::OfficeCreditWithdrawal | Route::OfficeWithdrawCredit => {
            format!("/office/credits/{}/withdraw", reference())
        }
        Route::OfficeCreditRestoration | Route::OfficeRestoreCredit => {
            format!("/office/credits/{}/restore", reference())
        }
        Route::HelpExample => "/help/examples/successful.xlsx".to_owned(),
        Route::Asset => pages::assets::STYLE.path.to_owned(),
        Route::SaveLicensee => "/office/licensees/TX-BON/RN/RN-1".to_owned(),
        Route::Provider | Route::SaveProvider => "/office/providers/acme-ce".to_owned(),
        Route::Course | Route::SaveCourse => "/office/courses/ETH-101".to_owned(),
        Route::AddEntry | Route::SaveNewEntry => "/office/registers/providers/add".to_owned(),
        Route::Request | Route::DecideRequest => format!("/office/requests/{}", RequestId::from_bits(OWN)),
        Route::TakeBack => format!("/profile/requests/{}/take-back", RequestId::from_bits(OWN)),
        Route::AskForChange => format!("/profile/change/{}", RequestId::from_bits(7)),
        Route::Logo => "/organisation/0123456789abcdef01234567.png".to_owned(),
        Route::HelpArticle | Route::HelpAnswer => "/help/import".to_owned(),
        Route::Event => format!("/events/{}", EventId::from_bits(OWN)),
        Route::Register => format!("/events/{event}/register"),
        Route::Cancellation | Route::CancelRegistration => format!("/events/{event}/cancel"),
        Route::MainHall => format!("/wallet/events/{event}"),
        Route::Evaluation | Route::SendEvaluation => format!("/wallet/evaluations/{event}"),
        Route::CertificateSheet => {
            format!("/wallet/certificates/{}/letter.pdf", domain::id::CertificateCode::from_bits(1))
        }
        Route::CertificatePreview => {
            format!("/wallet/certificates/{}/preview.svg", domain::id::CertificateCode::from_bits(1))
        }
        Route::EventCertificates => format!("/manage/events/{event}/certificates"),
        Route::CertificateOf | Route::ActOnCertificate => {
            format!("/manage/events/{event}/certificates/{}", Who::Ann.account_id())
        }
        Route::RemoveOutsideCertificate => format!("/wallet/outside/{}/remove", domain::id::OutsideId::from_bits(1)),
        Route::OutsideFile => format!("/wallet/outside/{}/file", domain::id::OutsideId::from_bits(1)),
        Route::TranscriptFile => format!("/wallet/transcripts/{transcript}/file"),
        Route::TranscriptAgain => format!("/wallet/transcripts/{transcript}/again"),
        Route::RemoveTranscript => format!("/wallet/transcripts/{transcript}/remove"),
        Route::JoinNow => format!("/wallet/events/{event}/join"),
        Route::OwnAttendance => format!("/wallet/events/{event}/attendance.json"),
        Route::Missing | Route::SendAppeal => format!("/wallet/missing/{event}"),
        Route::ClaimCall => format!("/wallet/missing/{event}/call"),
        Route::Appeal | Route::AnswerAppeal => format!("/manage/events/{event}/appeals/{}", Who::Ann.account_id()),
        Route::AppealFile => format!("/manage/events/{event}/appeals/{}/files/1", Who::Ann.account_id()),
        Route::People => format!("/manage/events/{event}/people"),
        Route::ExportPeople => format!("/manage/events/{event}/people/export"),
        Route::PeopleImports | Route::StartPeopleImport => format!("/manage/events/{event}/people/import"),
        Route::PeopleSample => format!("/manage/events/{event}/people/sample.xlsx"),
        Route::TakeOff => format!("/manage/events/{event}/people/take-off"),
        Route::Attendance => format!("/manage/events/{event}/attendance"),
        Route::AttendancePerson | Route::SayOfPerson => {
            format!("/manage/events/{event}/attendance/people/{person}", person = Who::Ann.account_id())
        }
        Route::AttendanceExplanation => format!(
            "/manage/events/{event}/attendance/people/{person}/explanation.json",
            person = Who::Ann.account_id()
        ),
        Route::AttendanceReview | Route::SayOfUnmatched => format!("/manage/events/{event}/attendance/review"),
        Route::AttendanceTimes | Route::SaveAttendanceTimes => format!("/manage/events/{event}/attendance/times"),
        Route::AttendancePlan => format!("/manage/events/{event}/attendance/plan"),
        Route::AskZoomAgain => format!("/manage/events/{event}/attendance/fetch"),
        Route::AttendanceFiles | Route::UploadAttendanceFile => format!("/manage/events/{event}/attendance/files"),
        Route::UseAttendanceFile => format!("/manage/events/{event}/attendance/files/use"),
        Route::AttendanceSheet => format!("/manage/events/{event}/attendance/sheet"),
        Route::AttendanceHistory | Route::TakeWordBack => format!("/manage/events/{event}/attendance/history"),
        Route::Confirm => format!("/events/{event}/confirm"),
        Route::Decline => format!("/events/{event}/decline"),
        Route::LivePeople => format!("/manage/events/{event}/people/live"),
        Route::CheckWhere => format!("/manage/events/{event}/where/check"),
        Route::EventCalendar => format!("/events/{}/calendar.ics", EventId::from_bits(OWN)),
        Route::ManagedEvent => event_address(""),
        Route::EventDetails | Route::SaveEventDetails => event_address("/details"),
        Route::EventAgenda | Route::SaveEventAgenda => event_address("/agenda"),
        Route::EventApprovals | Route::SaveEventApprovals => event_address("/approvals"),
        Route::AskForConsent => event_address("/consent"),
        Route::EventQuestions | Route::SaveEventQuestions => event_address("/evaluation"),
        Route::EventQuestionsPreview => event_address("/evaluation/preview"),
        // Only of events that are published.
        Route::EventResults => format!("/manage/events/{event}/results"),
        Route::ExportEventResults => format!("/manage/events/{event}/results/export"),
        Route::EventRoom | Route::SaveEventRoom => event_address("/where"),
        Route::PublishEvent => event_address("/publish"),
        Route::EventCancellation | Route::CancelEvent => event_address("/cancel"),
        Route::EventDeletion | Route::DeleteEvent => event_address("/delete"),
        Route::EventCopying | Route::CopyEvent => event_address("/copy"),
        Route::EventSeries | Route::MakeSeries => event_address("/series"),
        Route::EventHistory => event_address("/history"),
        Route::Home
        | Route::Appeals
        | Route::ManagedEvents
        | Route::NewEvent
        | Route::MakeEvent
        | Route::CreditTypes
        | Route::SaveCreditTypes
        | Route::Events
        | Route::MyEvents
        | Route::Evaluations
        | Route::Certificates
        | Route::ZoomSettings
        | Route::TestZoom
        | Route::Imports
        | Route::StartImport
        | Route::Sample
        | Route::Details
        | Route::ExportDetails
        | Route::Licensees
        | Route::Settings
        | Route::SaveSettings
        | Route::SaveLogo
        | Route::Texts
        | Route::SaveTexts
        | Route::CertificationSettings
        | Route::SaveCertification
        | Route::SaveSignature
        | Route::About
        | Route::Providers
        | Route::Courses
        | Route::Requests
        | Route::Profile
        | Route::ChangeProfile
        | Route::WalletCourses
        | Route::Requirements
        | Route::EditRequirements
        | Route::SaveRequirements
        | Route::Tracker
        | Route::CreditPlace
        | Route::AssignCredit
        | Route::LicenceCycle
        | Route::SaveLicenceCycle
        | Route::OutsideCertificate
        | Route::SaveOutsideCertificate
        | Route::Transcripts
        | Route::MakeTranscript
        | Route::TranscriptList
        | Route::AllCertificates
        | Route::StopReminders
        | Route::RemindersStopped
        | Route::Help
        | Route::OfficeHelp => route.path().to_owned(),
    }
}

fn form(route: Route) -> &'static str {
    match route {
        Route::StartImport | Route::StartRegisterImport | Route::StartPeopleImport => "mode=import",
        // Nobody stands on the list.
        Route::TakeOff => "email=nobody%40example.org",
        Route::ClaimCall => "digits=0123",
        Route::AnswerAppeal => "do=refuse&why=Not+so&number=1",
        Route::ExportDetails | Route::ExportPeople | Route::ExportEventResults => "kind=csv",
        // Nothing is done by them: a reason is missing.
        Route::CorrectCredit | Route::OfficeCorrectCredit => {
            "first_name=Ann&last_name=Lee&license_number=RN-1&course_number=CE-101&ce_year=2026&course_date=2026-01-31&ce_hours=1.5&reason=&version=1"
        }
        Route::WithdrawCredit | Route::RestoreCredit | Route::OfficeWithdrawCredit | Route::OfficeRestoreCredit => {
            "reason=&version=1"
        }
        Route::SaveSettings => "version=0&do=save&name=The+Board&accent=%230b5c6b&retention_years=6",
        Route::SaveTexts => "version=0",
        Route::SaveCertification => "version=0&days=30&remind_after=7&signatory_name=&signatory_role=",
        Route::SaveProvider => "version=1&provider_name=Acme&why=As+asked",
        Route::SaveCourse => "version=1&title=Ethics&hours=1.5&category=Ethics&approved_from=2026-01-01&why=As+asked",
        Route::SaveLicensee => "version=1&first_name=Ann&last_name=Lee&why=As+asked",
        Route::SaveNewEntry => "version=0&provider_id=new-ce&provider_name=New&why=As+asked",
        Route::DecideRequest => "do=refuse&why=Not+so",
        Route::AskForChange => "version=1&provider_name=Other&why=As+asked",
        Route::HelpAnswer => "press=yes",
        // Nothing is done by them: no course is chosen, the version is another one, nothing is said.
        Route::MakeEvent => "event=00000000000000000000000009&provider=acme-ce",
        Route::SaveEventDetails
        | Route::SaveEventAgenda
        | Route::SaveEventApprovals
        | Route::SaveEventRoom
        | Route::PublishEvent
        | Route::DeleteEvent => "version=0",
        Route::AskForConsent => "version=0",
        // Nobody has changed a question: there is nothing to undo.
        Route::SaveEventQuestions => "version=0&do=undo",
        // The event isn't over, so that nothing of them is read.
        Route::SayOfPerson => "said=0&do=full&why=Because",
        Route::UseAttendanceFile => "said=0&file=&why=Because",
        Route::TakeWordBack => "said=0&number=1&why=Because",
        Route::CancelEvent => "version=0&why=Because",
        Route::CopyEvent => "copy=00000000000000000000000008",
        Route::MakeSeries => "version=0&series=00000000000000000000000007&do=show",
        Route::SaveCreditTypes => "version=0&do=save",
        // A form without a board can't be saved.
        Route::SaveRequirements => "seen=0&do=save",
        // They have no credit and no license.
        Route::AssignCredit => "credit=x",
        Route::SaveLicenceCycle => "licence=x&version=0",
        _ => "",
    }
}

/// What nobody, Acme's owner, its member, Beta, the licensees Ann and Bob and the office get. Whose session has ended is nobody.
fn expected(route: Route) -> [u16; 7] {
    match route {
        Route::Home
        | Route::Events
        | Route::About
        | Route::Help
        | Route::HelpArticle
        | Route::HelpExample
        | Route::Asset => [200; 7],
        // Without a mail's link there is nothing to end.
        Route::StopReminders | Route::RemindersStopped => [410; 7],
        // Acme's draft: a page for Acme and the office, and no file for calendars.
        Route::Event => [404, 200, 200, 404, 404, 404, 200],
        Route::EventCalendar => [404; 7],
        Route::HelpAnswer => [303; 7],
        // There is none yet.
        Route::Logo => [404; 7],
        Route::Imports | Route::Sample => [303, 200, 200, 200, 403, 403, 403],
        Route::StartImport => [403, 303, 303, 303, 403, 403, 403],
        Route::Import => [303, 200, 200, 404, 403, 403, 404],
        Route::ImportCounts | Route::ImportWorkbook => [303, 303, 303, 404, 403, 403, 404],
        Route::ImportChecked => [403, 303, 303, 404, 403, 403, 404],
        Route::Details => [303, 200, 200, 200, 403, 403, 403],
        Route::ExportDetails => [403, 303, 303, 303, 403, 403, 403],
        Route::Credit | Route::CreditCorrection | Route::CreditWithdrawal | Route::CreditRestoration => {
            [303, 200, 200, 404, 403, 403, 403]
        }
        Route::CorrectCredit | Route::WithdrawCredit | Route::RestoreCredit => [403, 422, 422, 404, 403, 403, 403],
        Route::OfficeCredit
        | Route::OfficeCreditCorrection
        | Route::OfficeCreditWithdrawal
        | Route::OfficeCreditRestoration => [303, 403, 403, 403, 403, 403, 200],
        Route::OfficeCorrectCredit | Route::OfficeWithdrawCredit | Route::OfficeRestoreCredit => {
            [403, 403, 403, 403, 403, 403, 422]
        }
        Route::StartRegisterImport => [403, 403, 403, 403, 403, 403, 303],
        Route::RegisterImports | Route::RegisterSample => [303, 403, 403, 403, 403, 403, 200],
        Route::Licensees
        | Route::Licensee
        | Route::Providers
        | Route::Provider
        | Route::Courses
        | Route::Course
        | Route::AddEntry
        | Route::Requests
        | Route::Request
        | Route::OfficeHelp
        | Route::Settings
        | Route::Texts
        | Route::CertificationSettings => [303, 403, 403, 403, 403, 403, 200],
        Route::Profile | Route::ChangeProfile => [303, 200, 200, 200, 403, 403, 403],
        // Acme's entry has moved on by then, since the office has changed it; Beta's stands.
        Route::AskForChange => [403, 409, 409, 303, 403, 403, 403],
        // Another provider's request isn't there for Beta.
        Route::TakeBack => [403, 303, 303, 404, 403, 403, 403],
        Route::WalletCourses
        | Route::Tracker
        | Route::OutsideCertificate
        | Route::Transcripts
        | Route::TranscriptList
        | Route::MyEvents
        | Route::Evaluations
        | Route::Certificates => [303, 403, 403, 403, 200, 200, 403],
        // They have no such credit, license or certificate.
        Route::CreditPlace | Route::LicenceCycle | Route::OutsideFile | Route::TranscriptFile => {
            [303, 403, 403, 403, 404, 404, 403]
        }
        Route::AssignCredit | Route::SaveLicenceCycle => [403, 403, 403, 403, 404, 404, 403],
        // The form that is sent here isn't one with a file.
        Route::SaveOutsideCertificate => [403, 403, 403, 403, 400, 400, 403],
        // The form that is sent here lacks its fields.
        Route::MakeTranscript | Route::AllCertificates => [403, 403, 403, 403, 400, 400, 403],
        // What isn't there is removed already.
        Route::RemoveOutsideCertificate | Route::TranscriptAgain | Route::RemoveTranscript => {
            [403, 403, 403, 403, 303, 303, 403]
        }
        Route::Requirements | Route::EditRequirements => [303, 403, 403, 403, 403, 403, 200],
        Route::SaveRequirements => [403, 403, 403, 403, 403, 403, 422],
        // They aren't invited, and are told so.
        Route::Evaluation => [303, 403, 403, 403, 200, 200, 403],
        Route::SendEvaluation => [403, 403, 403, 403, 409, 409, 403],
        // There is no such certificate.
        Route::CertificateSheet | Route::CertificatePreview => [303, 403, 403, 403, 404, 404, 403],
        Route::EventCertificates => [303, 200, 200, 404, 403, 403, 200],
        // Ann isn't invited.
        Route::CertificateOf => [303, 404, 404, 404, 403, 403, 404],
        Route::ActOnCertificate => [403, 404, 404, 404, 403, 403, 404],
        // Whoever isn't logged in is led to login; Ann and Bob are registered from then on.
        Route::Register => [303, 403, 403, 403, 303, 303, 403],
        Route::Cancellation => [303, 403, 403, 403, 200, 200, 403],
        Route::CancelRegistration => [403, 403, 403, 403, 303, 303, 403],
        // They have cancelled by then, so that there is nothing to join.
        Route::MainHall => [303, 403, 403, 403, 200, 200, 403],
        Route::JoinNow => [403, 403, 403, 403, 409, 409, 403],
        // Nothing is decided of them, and they have cancelled.
        Route::OwnAttendance => [303, 403, 403, 403, 404, 404, 403],
        Route::Missing => [303, 403, 403, 403, 200, 200, 403],
        // The form that is sent here isn't one with a file.
        Route::SendAppeal => [403, 403, 403, 403, 400, 400, 403],
        Route::ClaimCall => [403, 403, 403, 403, 409, 409, 403],
        Route::Appeals => [303, 200, 200, 200, 403, 403, 200],
        // Ann has sent none.
        Route::Appeal | Route::AppealFile => [303, 404, 404, 404, 403, 403, 404],
        Route::AnswerAppeal => [403, 404, 404, 404, 403, 403, 404],
        Route::People => [303, 200, 200, 404, 403, 403, 200],
        Route::PeopleImports | Route::PeopleSample => [303, 200, 200, 404, 403, 403, 200],
        Route::StartPeopleImport | Route::TakeOff => [403, 303, 303, 404, 403, 403, 303],
        // Nobody has put them down, and they have cancelled.
        Route::Confirm => [303, 403, 403, 403, 409, 409, 403],
        Route::Decline => [403, 403, 403, 403, 303, 303, 403],
        Route::LivePeople => [303, 303, 303, 404, 403, 403, 303],
        Route::ExportPeople => [403, 303, 303, 404, 403, 403, 303],
        // It isn't on Zoom.
        Route::CheckWhere => [403, 409, 409, 404, 403, 403, 409],
        Route::ZoomSettings => [303, 403, 403, 403, 403, 403, 200],
        Route::TestZoom => [403, 403, 403, 403, 403, 403, 200],
        Route::ManagedEvents => [303, 200, 200, 200, 403, 403, 200],
        // The office has to say whose first.
        Route::NewEvent => [303, 200, 200, 200, 403, 403, 303],
        Route::MakeEvent => [403, 422, 422, 422, 403, 403, 422],
        // Another provider's event isn't there for Beta.
        Route::ManagedEvent
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
        | Route::EventHistory => [303, 200, 200, 404, 403, 403, 200],
        Route::SaveEventDetails | Route::CopyEvent | Route::MakeSeries => [403, 422, 422, 404, 403, 403, 422],
        Route::SaveEventAgenda
        | Route::SaveEventApprovals
        | Route::SaveEventRoom
        | Route::PublishEvent
        | Route::CancelEvent
        | Route::DeleteEvent => [403, 409, 409, 404, 403, 403, 409],
        Route::SaveEventQuestions => [403, 303, 303, 404, 403, 403, 303],
        // Nobody has sent one in.
        Route::ExportEventResults => [403, 409, 409, 404, 403, 403, 409],
        // There is no approval to ask about.
        Route::AskForConsent => [403, 303, 303, 404, 403, 403, 303],
        // The event isn't over: its page says so, and nothing can be said of it.
        Route::Attendance => [303, 200, 200, 404, 403, 403, 200],
        Route::AttendancePerson
        | Route::AttendanceExplanation
        | Route::AttendanceReview
        | Route::AttendanceTimes
        | Route::AttendancePlan
        | Route::AttendanceFiles
        | Route::AttendanceSheet
        | Route::AttendanceHistory => [303, 409, 409, 404, 403, 403, 409],
        Route::SayOfPerson
        | Route::SayOfUnmatched
        | Route::SaveAttendanceTimes
        | Route::AskZoomAgain
        | Route::UseAttendanceFile
        | Route::TakeWordBack => [403, 409, 409, 404, 403, 403, 409],
        // The form that is sent here holds no file.
        Route::UploadAttendanceFile => [403, 400, 400, 400, 403, 403, 400],
        Route::CreditTypes => [303, 403, 403, 403, 403, 403, 200],
        Route::SaveCreditTypes => [403, 403, 403, 403, 403, 403, 422],
        Route::SaveSettings
        | Route::SaveTexts
        | Route::SaveCertification
        | Route::SaveProvider
        | Route::SaveCourse
        | Route::SaveLicensee
        | Route::SaveNewEntry
        | Route::DecideRequest => [403, 403, 403, 403, 403, 403, 303],
        // The form that is sent here holds no file.
        Route::SaveLogo | Route::SaveSignature => [403, 403, 403, 403, 403, 403, 400],
    }
}

fn asked_by_acme() -> Asks {
    let change = FieldChange { field: "City".to_owned(), from: String::new(), to: "Austin".to_owned() };
    Asks::ProfileChange { provider: crate::world::provider("acme-ce"), version: 1, fields: vec![change] }
}

async fn world() -> World {
    let world = World::new().await;
    world.done("acme-ce", OWN, Mode::Check, &[processed(2, "Ann", "Lee")]).await;
    let ann = world.holder("TX-BON", "RN", "RN-1", "Ann", "Lee").await;
    world.credit(&ann, "CE-101", "Ethics", 14).await;
    world.offer("ETH-101", &["acme-ce"]).await;
    world.asked(OWN, asked_by_acme()).await;
    crate::registration::published_of_acme(&world, PUBLISHED, "Ethics").await;
    world.draft_event(OWN).await;
    world
}

/// The address of a page of Acme's event.
fn event_address(page: &str) -> String {
    format!("/manage/events/{}{page}", domain::id::EventId::from_bits(OWN))
}

/// The reference of Ann's credit, which Acme has recorded.
fn reference() -> String {
    let licence = Licence {
        board: "TX-BON".to_owned(),
        profession: "RN".to_owned(),
        number: LicenceNumber::parse("RN-1").unwrap(),
    };
    let course = CourseNumber::parse("CE-101").unwrap();
    credit_reference(&CreditKey { licence, course, date: jiff::civil::date(2026, 1, 31) })
}

#[tokio::test]
async fn every_route_lets_in_whom_it_is_for_and_nobody_else() {
    let world = world().await;
    for route in Route::ALL {
        let mut got = [0; 8];
        for (place, who) in Who::ALL.into_iter().enumerate() {
            let request = request(route.verb().method(), &address(*route), who);
            let answer = world.send(request.body(Body::from(form(*route))).unwrap()).await;
            check_headers(&format!("{route:?} by {who:?}"), &answer);
            let is_asked_who = answer.header("location").starts_with("/login?next=%2F");
            assert!(!is_asked_who || matches!(who, Who::Nobody | Who::Expired), "{route:?} by {who:?}");
            got[place] = answer.status;
        }
        let expected = expected(*route);
        assert_eq!(got[..7], expected, "{route:?}");
        assert_eq!(got[7], expected[0], "{route:?} with a session that has ended");
    }
}

fn check_headers(what: &str, answer: &crate::world::Answer) {
    let has = |name: &str, part: &str| {
        let value = answer.header(name);
        assert!(value.contains(part), "{what}: {name} is {value:?}, which lacks {part:?}");
    };
    for part in
        ["default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "base-uri 'none'"]
    {
        has("content-security-policy", part);
    }
    has("content-security-policy", "connect-src 'self' http://127.0.0.1:");
    has("content-security-policy", "form-action 'self' http://127.0.0.1:");
    has("strict-transport-security", "max-age=63072000; includeSubDomains");
    has("x-content-type-options", "nosniff");
    has("referrer-policy", "same-origin");
    has("cross-origin-opener-policy", "same-origin");
    has("cross-origin-resource-policy", "same-origin");
    has("permissions-policy", "camera=()");
    let cache = if what.starts_with("Asset") { "immutable" } else { "no-store" };
    has("cache-control", cache);
}

#[tokio::test]
async fn refusals_carry_the_same_headers_and_one_page() {
    let world = world().await;
    let spoilt = world.done("acme-ce", 9, Mode::Import, &[failed(2, &[])]).await;
    world.spoil_results(&spoilt);
    let unknown = world.get("/nothing/here", Who::Nobody).await;
    let method = world.send(request(Method::POST, "/help", Who::Nobody).body(Body::empty()).unwrap()).await;
    let doubled = world.get("/import?after=a&after=b", Who::Acme).await;
    let long =
        world.send(request(Method::POST, "/import", Who::Acme).body(Body::from(vec![b'a'; 20_000])).unwrap()).await;
    let broken = world.get(&format!("/import/{}", spoilt.id), Who::Acme).await;
    let bad_path = world.get("/import/%ff", Who::Acme).await;
    let told = [(unknown, 404), (method, 405), (doubled, 400), (long, 413), (broken, 500), (bad_path, 400)];
    for (answer, status) in told {
        assert_eq!(answer.status, status, "{}", answer.text());
        check_headers(&status.to_string(), &answer);
        assert!(answer.header("content-type").starts_with("text/html"), "{status}");
        assert!(answer.text().contains("<h1>") && answer.text().contains("<main"), "{status}");
        if status == 405 {
            assert_eq!(answer.header("allow"), "GET,HEAD");
        }
    }
}

#[tokio::test]
async fn programs_get_refusals_as_problem_json() {
    let world = world().await;
    let request = request(Method::GET, "/nothing", Who::Nobody).header("accept", "application/json");
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["status"], 404);
    assert_eq!(answer.json()["code"], "not_found");
    check_headers("problem", &answer);
}

#[tokio::test]
async fn nothing_is_changed_from_elsewhere() {
    let world = world().await;
    for route in Route::ALL.iter().filter(|route| route.verb().method() == Method::POST) {
        let cases: [&[(&str, &str)]; 6] = [
            &[],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site"), ("origin", "http://portal.test")],
            &[("sec-fetch-site", "same-site")],
            // The host that the request names is no proof of where it comes from.
            &[("host", "evil.example"), ("origin", "http://evil.example")],
        ];
        for headers in cases {
            let mut request = http::Request::post(address(*route))
                .header("cookie", Who::Acme.cookie())
                .header("content-type", "application/x-www-form-urlencoded");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = world.send(request.body(Body::from(form(*route))).unwrap()).await;
            assert_eq!(answer.status, 403, "{route:?} {headers:?}");
            assert_eq!(answer.header("set-cookie"), "");
        }
    }
    let listed = world.get("/import", Who::Acme).await;
    assert_eq!(listed.text().matches("May roster.xlsx").count(), 1, "only the check that was there before");
}

#[tokio::test]
async fn whoever_asks_for_a_page_without_a_session_comes_back_to_it_after_login() {
    let world = world().await;
    let asked = world.get("/import?view=failed", Who::Expired).await;
    assert_eq!((asked.status, asked.header("location")), (303, "/login?next=%2Fimport%3Fview%3Dfailed"));
    let json = request(Method::GET, "/import", Who::Nobody).header("accept", "application/json");
    let answer = world.send(json.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, &answer.json()["code"]), (403, &"not_signed_in".into()));
}

#[tokio::test]
async fn a_changed_session_cookie_is_nobody() {
    let world = world().await;
    let good = Who::Acme.cookie();
    let own = good.strip_prefix("__Host-session=").unwrap();
    let other = Who::Beta.cookie();
    let (account, secret) = own.split_once('.').unwrap();
    let swapped = format!("__Host-session={}.{secret}", other[15..].split_once('.').unwrap().0);
    let doubled = format!("{good}; {good}");
    let flipped = format!("__Host-session={account}.{}A", &secret[..secret.len() - 1]);
    for cookie in [swapped, doubled, flipped, format!("__Host-session={account}."), "__Host-session=x".to_owned()] {
        let request = http::Request::get("/import").header("cookie", &cookie).body(Body::empty()).unwrap();
        assert_eq!(world.send(request).await.status, 303, "{cookie}");
    }
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let world = world().await;
    for path in ["/", "/nothing", "/import"] {
        let head = world.send(request(Method::HEAD, path, Who::Acme).body(Body::empty()).unwrap()).await;
        assert_eq!(head.status, world.get(path, Who::Acme).await.status, "{path}");
        assert!(head.body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn an_address_that_a_mail_program_has_lengthened_leads_to_the_same_page() {
    let world = World::new().await;
    let get = |route: &&Route| route.verb() == pages::route::Verb::Get && **route != Route::Asset;
    for route in Route::ALL.iter().filter(get) {
        let plain = world.get(&address(*route), Who::Office).await.status;
        let lengthened = format!("{}?utm_source=mail&fbclid=1", address(*route));
        assert_eq!(world.get(&lengthened, Who::Office).await.status, plain, "{route:?}");
    }
}
