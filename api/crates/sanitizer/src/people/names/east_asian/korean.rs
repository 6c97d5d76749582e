//! Korean names: a surname of one syllable, rarely of two, and two syllables after it.

use std::{collections::HashSet, sync::LazyLock};

const SURNAMES: &str = "김이박최정강조윤장임한오서신권황안송류유홍전고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국은편용";
const DOUBLE_SURNAMES: [&str; 6] = ["남궁", "황보", "제갈", "선우", "독고", "사공"];
/// Forms of address that follow a name.
pub(super) const FORMS: [&str; 12] =
    ["씨", "님", "군", "양", "선생님", "대리님", "과장님", "부장님", "팀장님", "고객님", "사장님", "교수님"];
/// Words of three syllables that begin like a name and take the same endings: roles in the honorific, and what people say that they are.
const NO_NAMES: &str = "지원자 구매자 신청자 이용자 주문자 소비자 사용자 관리자 담당자 수신자 발신자 참석자 이메일 기획자 제작자 창작자 연구자 지도자 노동자 유학생 신입생 고등학 한국인 전문가 \
     기술자 개발자 여행자 주인공 이사장 조합장 성직자 방문자 소유자 안내원 상담원 배달원 기사분 고객분 대학생 초등생 회사원 이웃집 원장선 조교수 부교수 이것도 이제는 지금은 오늘은 \
     하나님 하느님 선생님 부모님 여러분 손님들 고객님 기자님 주부입";

/// Particles and verbs that follow a name without a space.
const ENDINGS: [&str; 29] = [
    "이고요",
    "이구요",
    "인데요",
    "이요",
    "이야",
    "입니다",
    "이에요",
    "이예요",
    "예요",
    "에요",
    "이라고",
    "라고",
    "이고",
    "이며",
    "이세요",
    "인데",
    "님",
    "씨",
    "은",
    "는",
    "이",
    "가",
    "의",
    "을",
    "를",
    "에게",
    "한테",
    "께",
    "과",
];

/// The length in bytes of the name that a run of syllables begins with, if the run is a name with its endings.
pub(super) fn name(run: &str, is_certain: bool) -> Option<usize> {
    let bare = ENDINGS
        .iter()
        .filter_map(|ending| run.strip_suffix(ending))
        .filter(|bare| is_name(bare))
        .max_by_key(|bare| bare.len());
    if is_name(run) {
        return Some(run.len());
    }
    if let Some(bare) = bare {
        return Some(bare.len());
    }
    (is_certain && (2..=5).contains(&run.chars().count())).then_some(run.len())
}

/// The words of [`NO_NAMES`].
static NO_NAME_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| NO_NAMES.split_whitespace().collect());

/// Whether a run of syllables is a full name.
pub(super) fn is_name(run: &str) -> bool {
    // All syllables have three bytes, but the run need not be one of syllables alone.
    let syllables = if run.len() > 16 { 5 } else { run.chars().count() };
    let is_name = match syllables {
        3 => run.chars().next().is_some_and(|c| SURNAMES.contains(c)) || has_double_surname(run),
        4 => has_double_surname(run),
        _ => false,
    };
    is_name && !NO_NAME_WORDS.contains(run)
}

fn has_double_surname(run: &str) -> bool {
    DOUBLE_SURNAMES.iter().any(|double| run.starts_with(double))
}
