// What only the spoken mode says. Everything else that it speaks is the page's own text.

export interface SpokenMessages {
  listen: string;
  stop: string;
  /** The zones of the screen, and the keys. */
  zones: string;
  previous: string;
  next: string;
  repeat: string;
  choose: string;
  /** How one moves, at the beginning. */
  begin: (site: string) => string;
  heading: string;
  button: string;
  pressed: string;
  released: string;
  unavailable: string;
  choices: (n: number) => string;
  nothing: string;
  first: string;
  last: string;
  /** How the question whether somebody is there is answered. */
  anyKey: string;
  written: string;
  /** In place of what the whole room would hear. */
  personal: string;
}

const fr: SpokenMessages = {
  listen: "Écouter",
  stop: "Arrêter la voix",
  zones: "Commandes du mode vocal",
  previous: "Précédent",
  next: "Suivant",
  repeat: "Répéter",
  choose: "Choisir",
  begin: (site) =>
    `Mode vocal. ${site}. Il y a quatre touches, et quatre zones en bas de l’écran. Tout en bas à gauche\u00a0: précédent. Tout en bas à droite\u00a0: suivant. Au-dessus, à gauche\u00a0: répéter. Au-dessus, à droite\u00a0: choisir.`,
  heading: "titre",
  button: "bouton",
  pressed: "activé",
  released: "désactivé",
  unavailable: "indisponible",
  choices: (n) => (n === 1 ? "1 choix. Appuyez sur suivant." : `${n} choix. Appuyez sur suivant.`),
  nothing: "Rien n’est choisi. Appuyez sur suivant.",
  first: "Début de la page.",
  last: "Fin de la page.",
  anyKey: "Appuyez sur une touche, n’importe laquelle, pour continuer.",
  written: "Nouveau message écrit du conseiller.",
  personal: "Texte personnel. Décrochez le combiné ou branchez un casque pour l’entendre.",
};

const en: SpokenMessages = {
  listen: "Listen",
  stop: "Stop the voice",
  zones: "Controls of the spoken mode",
  previous: "Previous",
  next: "Next",
  repeat: "Repeat",
  choose: "Choose",
  begin: (site) =>
    `Spoken mode. ${site}. There are four keys, and four zones at the bottom of the screen. Lowest on the left: previous. Lowest on the right: next. Above, on the left: repeat. Above, on the right: choose.`,
  heading: "heading",
  button: "button",
  pressed: "on",
  released: "off",
  unavailable: "unavailable",
  choices: (n) => (n === 1 ? "1 choice. Press next." : `${n} choices. Press next.`),
  nothing: "Nothing is selected. Press next.",
  first: "Beginning of the page.",
  last: "End of the page.",
  anyKey: "Press any key to continue.",
  written: "New written message from the adviser.",
  personal: "Personal text. Lift the handset or plug in headphones to hear it.",
};

const es: SpokenMessages = {
  listen: "Escuchar",
  stop: "Parar la voz",
  zones: "Mandos del modo de voz",
  previous: "Anterior",
  next: "Siguiente",
  repeat: "Repetir",
  choose: "Elegir",
  begin: (site) =>
    `Modo de voz. ${site}. Hay cuatro teclas, y cuatro zonas en la parte baja de la pantalla. Abajo del todo a la izquierda: anterior. Abajo del todo a la derecha: siguiente. Encima, a la izquierda: repetir. Encima, a la derecha: elegir.`,
  heading: "título",
  button: "botón",
  pressed: "activado",
  released: "desactivado",
  unavailable: "no disponible",
  choices: (n) => (n === 1 ? "1 opción. Pulse siguiente." : `${n} opciones. Pulse siguiente.`),
  nothing: "No hay nada elegido. Pulse siguiente.",
  first: "Principio de la página.",
  last: "Fin de la página.",
  anyKey: "Pulse cualquier tecla para continuar.",
  written: "Nuevo mensaje escrito del asesor.",
  personal: "Texto personal. Descuelgue el auricular o conecte unos auriculares para oírlo.",
};

const pt: SpokenMessages = {
  listen: "Ouvir",
  stop: "Parar a voz",
  zones: "Comandos do modo de voz",
  previous: "Anterior",
  next: "Seguinte",
  repeat: "Repetir",
  choose: "Escolher",
  begin: (site) =>
    `Modo de voz. ${site}. Há quatro teclas, e quatro zonas na parte de baixo do ecrã. Mesmo em baixo, à esquerda: anterior. Mesmo em baixo, à direita: seguinte. Por cima, à esquerda: repetir. Por cima, à direita: escolher.`,
  heading: "título",
  button: "botão",
  pressed: "ligado",
  released: "desligado",
  unavailable: "indisponível",
  choices: (n) => (n === 1 ? "1 opção. Prima seguinte." : `${n} opções. Prima seguinte.`),
  nothing: "Nada está escolhido. Prima seguinte.",
  first: "Início da página.",
  last: "Fim da página.",
  anyKey: "Prima qualquer tecla para continuar.",
  written: "Nova mensagem escrita do conselheiro.",
  personal: "Texto pessoal. Levante o auscultador ou ligue uns auscultadores para o ouvir.",
};

const ro: SpokenMessages = {
  listen: "Ascultați",
  stop: "Opriți vocea",
  zones: "Comenzile modului vocal",
  previous: "Înapoi",
  next: "Înainte",
  repeat: "Repetați",
  choose: "Alegeți",
  begin: (site) =>
    `Mod vocal. ${site}. Există patru taste și patru zone în partea de jos a ecranului. Cel mai jos, la stânga: înapoi. Cel mai jos, la dreapta: înainte. Deasupra, la stânga: repetați. Deasupra, la dreapta: alegeți.`,
  heading: "titlu",
  button: "buton",
  pressed: "pornit",
  released: "oprit",
  unavailable: "indisponibil",
  choices: (n) => (n === 1 ? "1 opțiune. Apăsați înainte." : `${n} opțiuni. Apăsați înainte.`),
  nothing: "Nimic nu este ales. Apăsați înainte.",
  first: "Începutul paginii.",
  last: "Sfârșitul paginii.",
  anyKey: "Apăsați orice tastă pentru a continua.",
  written: "Mesaj scris nou de la consilier.",
  personal: "Text personal. Ridicați receptorul sau conectați căști pentru a-l auzi.",
};

const tr: SpokenMessages = {
  listen: "Dinle",
  stop: "Sesi durdur",
  zones: "Sesli kullanım düğmeleri",
  previous: "Önceki",
  next: "Sonraki",
  repeat: "Tekrarla",
  choose: "Seç",
  begin: (site) =>
    `Sesli kullanım. ${site}. Dört tuş ve ekranın altında dört bölge var. En altta solda: önceki. En altta sağda: sonraki. Üstünde, solda: tekrarla. Üstünde, sağda: seç.`,
  heading: "başlık",
  button: "düğme",
  pressed: "açık",
  released: "kapalı",
  unavailable: "kullanılamaz",
  choices: (n) => `${n} seçenek. Sonraki tuşuna basın.`,
  nothing: "Hiçbir şey seçili değil. Sonraki tuşuna basın.",
  first: "Sayfanın başı.",
  last: "Sayfanın sonu.",
  anyKey: "Devam etmek için herhangi bir tuşa basın.",
  written: "Danışmandan yeni yazılı mesaj.",
  personal: "Kişisel metin. Duymak için ahizeyi kaldırın veya kulaklık takın.",
};

const ru: SpokenMessages = {
  listen: "Слушать",
  stop: "Выключить голос",
  zones: "Управление голосовым режимом",
  previous: "Назад",
  next: "Вперёд",
  repeat: "Повторить",
  choose: "Выбрать",
  begin: (site) =>
    `Голосовой режим. ${site}. Есть четыре клавиши и четыре зоны внизу экрана. В самом низу слева: назад. В самом низу справа: вперёд. Выше слева: повторить. Выше справа: выбрать.`,
  heading: "заголовок",
  button: "кнопка",
  pressed: "включено",
  released: "выключено",
  unavailable: "недоступно",
  choices: (n) => `Вариантов: ${n}. Нажмите «вперёд».`,
  nothing: "Ничего не выбрано. Нажмите «вперёд».",
  first: "Начало страницы.",
  last: "Конец страницы.",
  anyKey: "Нажмите любую клавишу, чтобы продолжить.",
  written: "Новое письменное сообщение от консультанта.",
  personal: "Личный текст. Снимите трубку или подключите наушники, чтобы его услышать.",
};

const uk: SpokenMessages = {
  listen: "Слухати",
  stop: "Вимкнути голос",
  zones: "Керування голосовим режимом",
  previous: "Назад",
  next: "Уперед",
  repeat: "Повторити",
  choose: "Вибрати",
  begin: (site) =>
    `Голосовий режим. ${site}. Є чотири клавіші та чотири зони внизу екрана. У самому низу ліворуч: назад. У самому низу праворуч: уперед. Вище ліворуч: повторити. Вище праворуч: вибрати.`,
  heading: "заголовок",
  button: "кнопка",
  pressed: "увімкнено",
  released: "вимкнено",
  unavailable: "недоступно",
  choices: (n) => `Варіантів: ${n}. Натисніть «уперед».`,
  nothing: "Нічого не вибрано. Натисніть «уперед».",
  first: "Початок сторінки.",
  last: "Кінець сторінки.",
  anyKey: "Натисніть будь-яку клавішу, щоб продовжити.",
  written: "Нове письмове повідомлення від консультанта.",
  personal: "Особистий текст. Зніміть слухавку або під’єднайте навушники, щоб його почути.",
};

const ar: SpokenMessages = {
  listen: "استماع",
  stop: "إيقاف الصوت",
  zones: "أزرار الوضع الصوتي",
  previous: "السابق",
  next: "التالي",
  repeat: "إعادة",
  choose: "اختيار",
  begin: (site) =>
    `الوضع الصوتي. ${site}. توجد أربعة مفاتيح، وأربع مناطق في أسفل الشاشة. في الأسفل تمامًا على اليسار: السابق. في الأسفل تمامًا على اليمين: التالي. فوق ذلك على اليسار: إعادة. فوق ذلك على اليمين: اختيار.`,
  heading: "عنوان",
  button: "زر",
  pressed: "مفعّل",
  released: "غير مفعّل",
  unavailable: "غير متاح",
  choices: (n) => `عدد الخيارات: ${n}. اضغط التالي.`,
  nothing: "لم يُختر شيء. اضغط التالي.",
  first: "بداية الصفحة.",
  last: "نهاية الصفحة.",
  anyKey: "اضغط أي مفتاح للمتابعة.",
  written: "رسالة مكتوبة جديدة من المستشار.",
  personal: "نص شخصي. ارفع السماعة أو صِل سماعات الرأس لسماعه.",
};

const all: Record<string, SpokenMessages> = { fr, en, es, pt, ro, tr, ru, uk, ar };

/** The texts in a language; in that of which it is a variant, or in French, where there are none. */
export function spokenMessages(language: string): SpokenMessages {
  return all[language] ?? all[language.split("-")[0]!] ?? fr;
}
