// The texts of the needs, of help and of what to do when something fails, in all languages of the touchscreen.

import type { Reason } from "../../common/screen";
import { own } from "./ar";
import type { Language } from "./index";
import { plural } from "./plural";

export interface NeedsMessages {
  need: string;
  greeting: string;
  known: string;
  other: string;
  /** The need as the partner's page repeats it. */
  chosen: (need: string) => string;
  /** Where all partners are closed: the one that opens first. */
  first: (partner: string, when: string) => string;
  offline: string;
  /** How many are before the citizen. */
  before: (n: number) => string;
  near: { open: string; closed: string; far: (kilometres: number) => string; today: (hours: string) => string; opens: (when: string, hours: string) => string; span: (from: string, to: string) => string };
  help: {
    button: string; title: string; what: string; steps: string[]; phone: string; ask: string; close: string;
    calling: string; rung: string; seen: string; failed: string; away: string;
  };
  advice: Record<Reason, string>;
  poor: { title: string; advice: string };
}

const fr: NeedsMessages = {
  need: "Quel est votre besoin ?",
  greeting: "Bonjour ! Quel est votre besoin ?",
  known: "Vous savez qui appeler ?",
  other: "Votre besoin n’est pas là ? Touchez Retour, ou Aide.",
  chosen: (need) => `Votre besoin : ${need}`,
  first: (partner, when) => `Tout est fermé pour le moment. ${partner} ouvre en premier, ${when}.`,
  offline: "Le réseau ne répond pas. Pas d’appel vidéo pour le moment : téléphonez.",
  before: (n) => (n === 1 ? "1 personne attend avant vous." : `${n} personnes attendent avant vous.`),
  near: {
    open: "Un autre Espace est ouvert",
    closed: "Un autre Espace près d’ici",
    far: (km) => `à ${km}\u00a0km à vol d’oiseau`,
    today: (hours) => `Ouvert aujourd’hui\u00a0: ${hours}`,
    opens: (when, hours) => `Ouvre ${when}\u00a0: ${hours}`,
    span: (from, to) => `${from} à ${to}`,
  },
  help: {
    button: "Aide",
    title: "Aide",
    what: "Avec cette borne, vous voyez un conseiller et vous lui parlez. C’est gratuit. Rien n’est enregistré.",
    steps: ["Touchez votre besoin, ou le nom d’un partenaire.", "Touchez Appeler et attendez un conseiller.", "Parlez. À la fin, touchez Raccrocher."],
    phone: "Assistance par téléphone",
    ask: "Appeler l’assistance",
    close: "Fermer l’aide",
    calling: "Nous appelons l’assistance…",
    rung: "L’assistance est prévenue. Restez près de la borne.",
    seen: "L’assistance a vu votre demande.",
    failed: "L’assistance n’a pas reçu l’appel. Réessayez, ou téléphonez.",
    away: "Le réseau ne répond pas. Téléphonez à ce numéro.",
  },
  advice: {
    partner_closed: "Revenez quand c’est ouvert, ou téléphonez.",
    hub_unreachable: "Attendez quelques minutes et réessayez, ou téléphonez.",
    refused: "Téléphonez, ou demandez de l’aide à l’accueil.",
    no_answer: "Réessayez un peu plus tard, ou téléphonez.",
    media: "Réessayez. Si cela recommence, téléphonez.",
    device: "Prévenez l’accueil. Vous pouvez téléphoner.",
    call_lost: "Réessayez. Si cela recommence, téléphonez.",
    adviser_lost: "Réessayez, un conseiller vous répondra. Ou téléphonez.",
    too_long: "Vous pouvez rappeler, ou téléphoner.",
  },
  poor: { title: "La ligne est trop mauvaise pour un appel vidéo.", advice: "Attendez quelques minutes et réessayez, ou téléphonez." },
};

const en: NeedsMessages = {
  need: "What do you need?",
  greeting: "Hello! What do you need?",
  known: "Do you know whom to call?",
  other: "Is your need not here? Touch Back, or Help.",
  chosen: (need) => `Your need: ${need}`,
  first: (partner, when) => `Everything is closed at the moment. ${partner} opens first, ${when}.`,
  offline: "The network does not answer. No video calls at the moment: please telephone.",
  before: (n) => (n === 1 ? "1 person is waiting before you." : `${n} people are waiting before you.`),
  near: {
    open: "Another site is open",
    closed: "Another site near here",
    far: (km) => `${km}\u00a0km as the crow flies`,
    today: (hours) => `Open today: ${hours}`,
    opens: (when, hours) => `Opens ${when}: ${hours}`,
    span: (from, to) => `${from} to ${to}`,
  },
  help: {
    button: "Help",
    title: "Help",
    what: "With this booth you see an adviser and talk to them. It is free. Nothing is recorded.",
    steps: ["Touch your need, or the name of a partner.", "Touch Call and wait for an adviser.", "Talk. When you have finished, touch Hang up."],
    phone: "Help by telephone",
    ask: "Call for help",
    close: "Close help",
    calling: "We are calling for help…",
    rung: "The help desk has been told. Stay near the booth.",
    seen: "The help desk has seen your call.",
    failed: "The help desk did not get the call. Try again, or telephone.",
    away: "The network does not answer. Telephone this number.",
  },
  advice: {
    partner_closed: "Come back when it is open, or telephone.",
    hub_unreachable: "Wait a few minutes and try again, or telephone.",
    refused: "Telephone, or ask for help at the front desk.",
    no_answer: "Try again a little later, or telephone.",
    media: "Try again. If it happens again, telephone.",
    device: "Tell the front desk. You can telephone.",
    call_lost: "Try again. If it happens again, telephone.",
    adviser_lost: "Try again, an adviser will answer. Or telephone.",
    too_long: "You can call again, or telephone.",
  },
  poor: { title: "The line is too poor for a video call.", advice: "Wait a few minutes and try again, or telephone." },
};

// Easy French, by the rules that fr-simple.ts has.
const simple: NeedsMessages = {
  need: "De quoi avez-vous besoin ?",
  greeting: "Bonjour ! De quoi avez-vous besoin ?",
  known: "Vous savez qui appeler ?",
  other: "Vous cherchez autre chose ? Touchez Retour ou Aide.",
  chosen: (need) => `Votre besoin : ${need}`,
  first: (partner, when) => `Tout est fermé maintenant. ${partner} ouvre en premier : ${when}.`,
  offline: "L’appel en vidéo est en panne. Vous pouvez téléphoner.",
  before: plural("fr", { one: "# personne attend avant vous.", other: "# personnes attendent avant vous." }),
  near: {
    open: "Un autre lieu est ouvert",
    closed: "Un autre lieu près d’ici",
    far: (km) => `à ${plural("fr", { one: "# kilomètre", other: "# kilomètres" })(km)} ou un peu plus`,
    today: (hours) => `Ouvert aujourd’hui\u00a0: ${hours}`,
    opens: (when, hours) => `Cela ouvre ${when}\u00a0: ${hours}`,
    span: (from, to) => `de ${from} à ${to}`,
  },
  help: {
    button: "Aide",
    title: "Aide",
    what: "Ici, vous parlez avec une personne. Vous la voyez sur l’écran. C’est gratuit. Votre appel n’est pas enregistré.",
    steps: ["Touchez votre besoin.", "Touchez Appeler. Attendez un peu.", "Parlez. À la fin, touchez Finir l’appel."],
    phone: "Aide par téléphone",
    ask: "Appeler pour avoir de l’aide",
    close: "Fermer l’aide",
    calling: "Nous demandons de l’aide…",
    rung: "Nous avons demandé de l’aide. Restez près de la borne.",
    seen: "Une personne a vu votre demande.",
    failed: "L’appel n’a pas marché. Essayez encore. Vous pouvez aussi téléphoner.",
    away: "L’appel est en panne ici. Téléphonez à ce numéro.",
  },
  advice: {
    partner_closed: "Revenez quand c’est ouvert. Vous pouvez aussi téléphoner.",
    hub_unreachable: "Attendez quelques minutes. Essayez encore. Vous pouvez aussi téléphoner.",
    refused: "Vous pouvez téléphoner. Vous pouvez demander de l’aide à l’accueil.",
    no_answer: "Essayez plus tard. Vous pouvez aussi téléphoner.",
    media: "Essayez encore. Vous pouvez aussi téléphoner.",
    device: "Parlez-en à l’accueil. Vous pouvez téléphoner.",
    call_lost: "Essayez encore. Vous pouvez aussi téléphoner.",
    adviser_lost: "Essayez encore. Une autre personne va répondre. Vous pouvez aussi téléphoner.",
    too_long: "Vous pouvez appeler encore. Vous pouvez aussi téléphoner.",
  },
  poor: { title: "L’appel en vidéo ne marche pas bien maintenant.", advice: "Attendez quelques minutes. Essayez encore. Vous pouvez aussi téléphoner." },
};

const ar: NeedsMessages = {
  need: "ماذا تحتاجون؟",
  greeting: "مرحبا! ماذا تحتاجون؟",
  known: "هل تعرفون بمن تتصلون؟",
  other: "لم تجدوا حاجتكم؟ المسوا «رجوع» أو «مساعدة».",
  chosen: (need) => `حاجتكم: ${own(need)}`,
  first: (partner, when) => `كل شيء مغلق حاليا. أول من يفتح: ${own(partner)}، ${when}.`,
  offline: "الشبكة لا تستجيب. مكالمة الفيديو غير متاحة حاليا: اتصلوا بالهاتف.",
  before: plural("ar", { one: "شخص واحد ينتظر قبلكم.", two: "شخصان ينتظران قبلكم.", few: "# أشخاص ينتظرون قبلكم.", many: "# شخصا ينتظرون قبلكم.", other: "# شخص ينتظرون قبلكم." }),
  near: {
    open: "يوجد فضاء آخر مفتوح",
    closed: "فضاء آخر قريب من هنا",
    far: (km) => `على بعد ${own(km)}\u00a0كم في خط مستقيم`,
    today: (hours) => `مفتوح اليوم: ${hours}`,
    opens: (when, hours) => `يفتح ${when}: ${hours}`,
    span: (from, to) => `من ${own(from)} إلى ${own(to)}`,
  },
  help: {
    button: "مساعدة",
    title: "مساعدة",
    what: "بهذا الجهاز ترون مستشارا وتتحدثون معه. الخدمة مجانية. لا يُسجَّل أي شيء.",
    steps: ["المسوا حاجتكم أو اسم الهيئة.", "المسوا «اتصال» وانتظروا المستشار.", "تحدثوا. في النهاية المسوا «إنهاء المكالمة»."],
    phone: "المساعدة بالهاتف",
    ask: "طلب المساعدة",
    close: "إغلاق المساعدة",
    calling: "جارٍ طلب المساعدة…",
    rung: "أُبلغ فريق المساعدة. ابقوا قرب الجهاز.",
    seen: "اطّلع فريق المساعدة على طلبكم.",
    failed: "لم يصل الطلب إلى فريق المساعدة. أعيدوا المحاولة أو اتصلوا بالهاتف.",
    away: "الشبكة لا تستجيب. اتصلوا بهذا الرقم.",
  },
  advice: {
    partner_closed: "عودوا في أوقات العمل أو اتصلوا بالهاتف.",
    hub_unreachable: "انتظروا بضع دقائق وأعيدوا المحاولة، أو اتصلوا بالهاتف.",
    refused: "اتصلوا بالهاتف أو اطلبوا المساعدة من الاستقبال.",
    no_answer: "أعيدوا المحاولة بعد قليل أو اتصلوا بالهاتف.",
    media: "أعيدوا المحاولة. إذا تكرر ذلك فاتصلوا بالهاتف.",
    device: "أبلغوا الاستقبال. يمكنكم الاتصال بالهاتف.",
    call_lost: "أعيدوا المحاولة. إذا تكرر ذلك فاتصلوا بالهاتف.",
    adviser_lost: "أعيدوا المحاولة وسيجيبكم مستشار، أو اتصلوا بالهاتف.",
    too_long: "يمكنكم معاودة الاتصال، أو الاتصال بالهاتف.",
  },
  poor: { title: "الخط ضعيف جدا لمكالمة فيديو.", advice: "انتظروا بضع دقائق وأعيدوا المحاولة، أو اتصلوا بالهاتف." },
};

const es: NeedsMessages = {
  need: "¿Qué necesita?",
  greeting: "¡Hola! ¿Qué necesita?",
  known: "¿Sabe a quién llamar?",
  other: "¿No encuentra lo que necesita? Toque Volver o Ayuda.",
  chosen: (need) => `Lo que necesita: ${need}`,
  first: (partner, when) => `Todo está cerrado por el momento. ${partner} es quien abre primero, ${when}.`,
  offline: "La red no responde. No hay videollamadas por el momento: llame por teléfono.",
  before: plural("es", { one: "# persona espera antes que usted.", other: "# personas esperan antes que usted." }),
  near: {
    open: "Otro espacio está abierto",
    closed: "Otro espacio cerca de aquí",
    far: (km) => `a ${km}\u00a0km en línea recta`,
    today: (hours) => `Abierto hoy: ${hours}`,
    opens: (when, hours) => `Abre ${when}: ${hours}`,
    span: (from, to) => `de ${from} a ${to}`,
  },
  help: {
    button: "Ayuda",
    title: "Ayuda",
    what: "En este puesto ve a un asesor y habla con él. Es gratis. No se graba nada.",
    steps: ["Toque lo que necesita o el nombre de una entidad.", "Toque Llamar y espere a un asesor.", "Hable. Al final, toque Colgar."],
    phone: "Ayuda por teléfono",
    ask: "Pedir ayuda",
    close: "Cerrar la ayuda",
    calling: "Estamos pidiendo ayuda…",
    rung: "Hemos avisado a la asistencia. Quédese cerca del puesto.",
    seen: "La asistencia ha visto su petición.",
    failed: "La asistencia no ha recibido la llamada. Inténtelo de nuevo o llame por teléfono.",
    away: "La red no responde. Llame a este número de teléfono.",
  },
  advice: {
    partner_closed: "Vuelva cuando esté abierto o llame por teléfono.",
    hub_unreachable: "Espere unos minutos e inténtelo de nuevo, o llame por teléfono.",
    refused: "Llame por teléfono o pida ayuda en recepción.",
    no_answer: "Inténtelo un poco más tarde o llame por teléfono.",
    media: "Inténtelo de nuevo. Si vuelve a ocurrir, llame por teléfono.",
    device: "Avise en recepción. Puede llamar por teléfono.",
    call_lost: "Inténtelo de nuevo. Si vuelve a ocurrir, llame por teléfono.",
    adviser_lost: "Inténtelo de nuevo y un asesor le atenderá. O llame por teléfono.",
    too_long: "Puede volver a llamar desde aquí o por teléfono.",
  },
  poor: { title: "La línea es demasiado mala para una videollamada.", advice: "Espere unos minutos e inténtelo de nuevo, o llame por teléfono." },
};

const pt: NeedsMessages = {
  need: "De que precisa?",
  greeting: "Bom dia! De que precisa?",
  known: "Sabe a quem ligar?",
  other: "Não encontra o que precisa? Toque em Voltar ou Ajuda.",
  chosen: (need) => `Precisa de: ${need}`,
  first: (partner, when) => `De momento está tudo fechado. ${partner} é quem abre primeiro, ${when}.`,
  offline: "A rede não responde. De momento não há videochamadas: telefone.",
  before: plural("pt", { one: "# pessoa está à sua frente.", other: "# pessoas estão à sua frente." }),
  near: {
    open: "Outro espaço está aberto",
    closed: "Outro espaço perto daqui",
    far: (km) => `a ${km}\u00a0km em linha reta`,
    today: (hours) => `Aberto hoje: ${hours}`,
    opens: (when, hours) => `Abre ${when}: ${hours}`,
    span: (from, to) => `das ${from} às ${to}`,
  },
  help: {
    button: "Ajuda",
    title: "Ajuda",
    what: "Neste posto vê um conselheiro e fala com ele. É gratuito. Nada é gravado.",
    steps: ["Toque no que precisa ou no nome de uma entidade.", "Toque em Ligar e espere por um conselheiro.", "Fale. No fim, toque em Desligar."],
    phone: "Ajuda por telefone",
    ask: "Pedir ajuda",
    close: "Fechar a ajuda",
    calling: "Estamos a pedir ajuda…",
    rung: "A assistência foi avisada. Fique perto do posto.",
    seen: "A assistência viu o seu pedido.",
    failed: "A assistência não recebeu o pedido. Tente de novo ou telefone.",
    away: "A rede não responde. Telefone para este número.",
  },
  advice: {
    partner_closed: "Volte quando estiver aberto ou telefone.",
    hub_unreachable: "Espere alguns minutos e tente de novo, ou telefone.",
    refused: "Telefone ou peça ajuda na receção.",
    no_answer: "Tente de novo um pouco mais tarde ou telefone.",
    media: "Tente de novo. Se voltar a acontecer, telefone.",
    device: "Avise a receção. Pode telefonar.",
    call_lost: "Tente de novo. Se voltar a acontecer, telefone.",
    adviser_lost: "Tente de novo: um conselheiro vai atender. Ou telefone.",
    too_long: "Pode ligar de novo ou telefonar.",
  },
  poor: { title: "A linha está demasiado fraca para uma videochamada.", advice: "Espere alguns minutos e tente de novo, ou telefone." },
};

const ro: NeedsMessages = {
  need: "De ce aveți nevoie?",
  greeting: "Bună ziua! De ce aveți nevoie?",
  known: "Știți pe cine să apelați?",
  other: "Nu găsiți ce căutați? Atingeți Înapoi sau Ajutor.",
  chosen: (need) => `Aveți nevoie de: ${need}`,
  first: (partner, when) => `Totul este închis pentru moment. Primul se deschide ${partner}, ${when}.`,
  offline: "Rețeaua nu răspunde. Nu sunt apeluri video pentru moment: telefonați.",
  before: plural("ro", { one: "1 persoană așteaptă înaintea dumneavoastră.", few: "# persoane așteaptă înaintea dumneavoastră.", other: "# de persoane așteaptă înaintea dumneavoastră." }),
  near: {
    open: "Un alt spațiu este deschis",
    closed: "Un alt spațiu aproape de aici",
    far: (km) => `la ${km}\u00a0km în linie dreaptă`,
    today: (hours) => `Deschis astăzi: ${hours}`,
    opens: (when, hours) => `Se deschide ${when}: ${hours}`,
    span: (from, to) => `de la ${from} la ${to}`,
  },
  help: {
    button: "Ajutor",
    title: "Ajutor",
    what: "La acest aparat vedeți un consilier și vorbiți cu el. Este gratuit. Nimic nu este înregistrat.",
    steps: ["Atingeți nevoia dumneavoastră sau numele unei instituții.", "Atingeți Apelați și așteptați un consilier.", "Vorbiți. La sfârșit, atingeți Închideți."],
    phone: "Ajutor prin telefon",
    ask: "Cereți ajutor",
    close: "Închideți ajutorul",
    calling: "Cerem ajutor…",
    rung: "Asistența a fost anunțată. Rămâneți lângă aparat.",
    seen: "Asistența a văzut cererea dumneavoastră.",
    failed: "Asistența nu a primit apelul. Încercați din nou sau telefonați.",
    away: "Rețeaua nu răspunde. Telefonați la acest număr.",
  },
  advice: {
    partner_closed: "Reveniți când este deschis sau telefonați.",
    hub_unreachable: "Așteptați câteva minute și încercați din nou, sau telefonați.",
    refused: "Telefonați sau cereți ajutor la recepție.",
    no_answer: "Încercați puțin mai târziu sau telefonați.",
    media: "Încercați din nou. Dacă se repetă, telefonați.",
    device: "Anunțați recepția. Puteți telefona.",
    call_lost: "Încercați din nou. Dacă se repetă, telefonați.",
    adviser_lost: "Încercați din nou: un consilier vă va răspunde. Sau telefonați.",
    too_long: "Puteți apela din nou sau puteți telefona.",
  },
  poor: { title: "Legătura este prea slabă pentru un apel video.", advice: "Așteptați câteva minute și încercați din nou, sau telefonați." },
};

const tr: NeedsMessages = {
  need: "Neye ihtiyacınız var?",
  greeting: "Merhaba! Neye ihtiyacınız var?",
  known: "Kimi arayacağınızı biliyor musunuz?",
  other: "Aradığınız burada yok mu? “Geri” veya “Yardım” düğmesine dokunun.",
  chosen: (need) => `İhtiyacınız: ${need}`,
  first: (partner, when) => `Şu anda her yer kapalı. İlk açılan: ${partner}, ${when}.`,
  offline: "Ağ yanıt vermiyor. Şu anda görüntülü görüşme yok: lütfen telefon edin.",
  before: plural("tr", { other: "Sizden önce # kişi bekliyor." }),
  near: {
    open: "Başka bir yer açık",
    closed: "Yakında başka bir yer",
    far: (km) => `kuş uçuşu ${km}\u00a0km`,
    today: (hours) => `Bugün açık: ${hours}`,
    opens: (when, hours) => `Açılış ${when}: ${hours}`,
    span: (from, to) => `${from} ile ${to} arası`,
  },
  help: {
    button: "Yardım",
    title: "Yardım",
    what: "Bu cihazla bir danışmanı görür ve onunla konuşursunuz. Ücretsizdir. Hiçbir şey kaydedilmez.",
    steps: ["İhtiyacınıza veya bir kurumun adına dokunun.", "“Ara” düğmesine dokunun ve danışmanı bekleyin.", "Konuşun. Bitince “Kapat” düğmesine dokunun."],
    phone: "Telefonla yardım",
    ask: "Yardım iste",
    close: "Yardımı kapat",
    calling: "Yardım isteniyor…",
    rung: "Yardım ekibine haber verildi. Cihazın yanında kalın.",
    seen: "Yardım ekibi isteğinizi gördü.",
    failed: "İsteğiniz yardım ekibine ulaşmadı. Yeniden deneyin veya telefon edin.",
    away: "Ağ yanıt vermiyor. Bu numaraya telefon edin.",
  },
  advice: {
    partner_closed: "Açık olduğunda yine gelin veya telefon edin.",
    hub_unreachable: "Birkaç dakika bekleyip yeniden deneyin veya telefon edin.",
    refused: "Telefon edin veya danışma masasından yardım isteyin.",
    no_answer: "Biraz sonra yeniden deneyin veya telefon edin.",
    media: "Yeniden deneyin. Yine olursa telefon edin.",
    device: "Danışma masasına haber verin. Telefon edebilirsiniz.",
    call_lost: "Yeniden deneyin. Yine olursa telefon edin.",
    adviser_lost: "Yeniden deneyin, bir danışman yanıt verecek. Veya telefon edin.",
    too_long: "Yeniden arayabilir veya telefon edebilirsiniz.",
  },
  poor: { title: "Bağlantı görüntülü görüşme için çok zayıf.", advice: "Birkaç dakika bekleyip yeniden deneyin veya telefon edin." },
};

const uk: NeedsMessages = {
  need: "Що вам потрібно?",
  greeting: "Добрий день! Що вам потрібно?",
  known: "Знаєте, кому дзвонити?",
  other: "Не знайшли потрібного? Торкніться «Назад» або «Допомога».",
  chosen: (need) => `Ваша потреба: ${need}`,
  first: (partner, when) => `Зараз усе зачинено. Першою відчиниться ${partner}, ${when}.`,
  offline: "Мережа не відповідає. Відеодзвінків зараз немає: зателефонуйте.",
  before: plural("uk", { one: "Перед вами чекає # людина.", few: "Перед вами чекають # людини.", many: "Перед вами чекають # людей.", other: "Перед вами чекають # людини." }),
  near: {
    open: "Інше приміщення відчинене",
    closed: "Інше приміщення неподалік",
    far: (km) => `${km}\u00a0км по прямій`,
    today: (hours) => `Сьогодні відчинено: ${hours}`,
    opens: (when, hours) => `Відчиниться ${when}: ${hours}`,
    span: (from, to) => `з ${from} до ${to}`,
  },
  help: {
    button: "Допомога",
    title: "Допомога",
    what: "На цьому пристрої ви бачите консультанта й говорите з ним. Це безкоштовно. Нічого не записується.",
    steps: ["Торкніться своєї потреби або назви установи.", "Торкніться «Подзвонити» й чекайте на консультанта.", "Говоріть. Наприкінці торкніться «Завершити»."],
    phone: "Допомога телефоном",
    ask: "Покликати на допомогу",
    close: "Закрити допомогу",
    calling: "Викликаємо допомогу…",
    rung: "Службу допомоги сповіщено. Залишайтеся біля пристрою.",
    seen: "Служба допомоги побачила ваш запит.",
    failed: "Служба допомоги не отримала виклику. Спробуйте ще раз або зателефонуйте.",
    away: "Мережа не відповідає. Зателефонуйте за цим номером.",
  },
  advice: {
    partner_closed: "Приходьте, коли буде відчинено, або зателефонуйте.",
    hub_unreachable: "Почекайте кілька хвилин і спробуйте ще раз або зателефонуйте.",
    refused: "Зателефонуйте або попросіть допомоги на рецепції.",
    no_answer: "Спробуйте трохи пізніше або зателефонуйте.",
    media: "Спробуйте ще раз. Якщо це повториться, зателефонуйте.",
    device: "Повідомте рецепцію. Ви можете зателефонувати.",
    call_lost: "Спробуйте ще раз. Якщо це повториться, зателефонуйте.",
    adviser_lost: "Спробуйте ще раз, консультант відповість. Або зателефонуйте.",
    too_long: "Ви можете подзвонити знову або зателефонувати.",
  },
  poor: { title: "Зв’язок надто поганий для відеодзвінка.", advice: "Почекайте кілька хвилин і спробуйте ще раз або зателефонуйте." },
};

export const allNeeds: Record<Language, NeedsMessages> = { fr, "fr-simple": simple, en, ar, es, pt, ro, tr, uk };

/** These texts in a language, or in French in one that the touchscreen does not have. */
export function needsMessages(language: string): NeedsMessages {
  return (allNeeds as Record<string, NeedsMessages>)[language] ?? fr;
}
