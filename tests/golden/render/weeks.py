"""The same kind of week in other languages, wholly invented: each has every part once, and typewriter marks in it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from digest.model import Form, Issue, Note, Notice, Picture, Section, Story, Window
from digest.settings import Publication

CLOSED = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def story(site, slug, headline, deck="", **more):
    return Story(headline=headline, address=f"{site}2026/11/{slug}/", deck=deck, published=CLOSED, **more)


def issue(*, lead, sections, note, notice):
    return Issue(
        date=date(2026, 11, 20),
        number=142,
        window=Window(opens=datetime(2026, 11, 13, 14, 0, tzinfo=UTC), closes=CLOSED),
        lead=lead,
        sections=sections,
        note=note,
        notice=notice,
    )


def publication(language, site, **words):
    return Publication(
        site=site,
        web=site.replace("://", "://letters."),
        timezone=ZoneInfo("UTC"),
        language=language,
        from_="Letters <letters@docket.example>",
        **words,
    )


def spanish():
    site = "https://gaceta.example/"
    return publication(
        "es",
        site,
        name="Última instancia",
        publisher="La Gaceta del Puerto",
        motto="La semana en los juzgados",
        postal_address="Calle del Muelle 12, Puerto Merino",
    ), issue(
        lead=story(
            site,
            "faro",
            'El faro sin luz paga la cuenta de la luz, dice el "tribunal de la costa"',
            "Desde el 3 de noviembre nadie sube los 214 escalones. La factura, de 2 millones, subió sola; se aprobó "
            "por 5 a 4.",
            kicker="Energía",
        ),
        sections=(
            Section(
                name="Nacional",
                stories=(
                    story(site, "lluvia", "La lluvia prometida no es publicidad engañosa", "Llovió... al final."),
                    story(site, "reloj", "Un reloj parado acierta 2 veces, y eso basta", place="Valdeolmos"),
                ),
            ),
            Section(
                name="En breve",
                form=Form.BRIEF,
                stories=(story(site, "pan", "Un metro de pan mide un metro.", kicker="Consumo"),),
            ),
            Section(
                name="Opinión",
                form=Form.OPINION,
                stories=(story(site, "puntos", "Elogio del punto y coma", kicker="Tribuna", byline="Inés Quiroga"),),
            ),
        ),
        note=Note(
            paragraphs=("Un faro, un reloj y un metro de pan: 'poco más' cabe en una semana.",),
            signature="Teodora Llanes",
            role="directora",
        ),
        notice=Notice(
            text="Las condiciones cambian el 1 de diciembre.", link=f"{site}condiciones/", link_text="Qué cambia"
        ),
    )


def french():
    site = "https://greffe.example/"
    return publication(
        "fr",
        site,
        name="Dernier mot",
        publisher="Le Greffe",
        motto="La semaine au tribunal",
        postal_address="3, quai des Brumes, Saint-Alban",
    ), issue(
        lead=story(
            site,
            "pont",
            'Qui possède le pont? "Personne", répond la cour: la rivière a changé de lit',
            "Le 20 novembre, par 5 voix contre 4, la cour a rendu l'arche au vent. Coût: 2 millions d'euros!",
            kicker="Domaine public",
        ),
        sections=(
            Section(
                name="France",
                stories=(
                    story(site, "cloche", "La cloche sonnait faux; elle sonnera tard", "Un délai de 3 mois, dit-elle."),
                    story(site, "brume", "La brume n'est pas une excuse", place="Saint-Alban"),
                ),
            ),
            Section(
                name="En bref",
                form=Form.BRIEF,
                stories=(story(site, "chat", "Un chat n'est pas un locataire.", kicker="Logement"),),
            ),
            Section(
                name="Opinions",
                form=Form.OPINION,
                stories=(story(site, "virgule", "Pour la virgule", kicker="Tribune", byline="Odile Marchais"),),
            ),
        ),
        note=Note(
            paragraphs=("Un pont, une cloche et un chat : voilà la semaine. Le reste peut-il attendre ? Oui !",),
            signature="Solène Aubry",
            role="rédactrice en chef",
        ),
        notice=Notice(
            text="Nos conditions changent le 1er décembre.", link=f"{site}conditions/", link_text="Ce qui change"
        ),
    )


def german():
    site = "https://aktenzeichen.example/"
    return publication(
        "de",
        site,
        name="Letztes Wort",
        publisher="Das Aktenzeichen",
        motto="Die Woche vor Gericht",
        postal_address="Hafengasse 12, 00000 Nebelstedt",
    ), issue(
        lead=story(
            site,
            "glocke",
            'Die Turmuhr darf "ungefähr" gehen, urteilt das Amtsgericht Nebelstedt',
            "Seit dem 3. November geht sie 11 Minuten vor. Der Rat nahm es mit 6 zu 3 hin - und kam 'pünktlich'.",
            kicker="Zeit",
        ),
        sections=(
            Section(
                name="Inland",
                stories=(
                    story(site, "zaun", "Ein Zaun aus Brombeeren ist ein Zaun", "Er sticht, also begrenzt er."),
                    story(site, "nebel", "Nebel ist kein Baustoff", place="Oberwinkel"),
                ),
            ),
            Section(
                name="Kurz gemeldet",
                form=Form.BRIEF,
                stories=(story(site, "brot", "Ein Pfund Brot wiegt 500 g.", kicker="Verbraucher"),),
            ),
            Section(
                name="Meinung",
                form=Form.OPINION,
                stories=(story(site, "semikolon", "Lob des Semikolons", kicker="Gastbeitrag", byline="Hedwig Sturm"),),
            ),
        ),
        note=Note(
            paragraphs=("Eine Uhr, ein Zaun und ein Pfund Brot... mehr passt in keine Woche.",),
            signature="Friederike Ohm",
            role="Redaktion",
        ),
        notice=Notice(
            text="Am 1. Dezember ändern sich die Bedingungen.", link=f"{site}bedingungen/", link_text="Was sich ändert"
        ),
    )


def arabic():
    """In full, to be looked at: Latin names, numbers and addresses stand among words that run the other way."""
    site = "https://diwan.example/"
    photo = Picture(
        address=f"{site}pictures/port.jpg",
        width=1120,
        height=630,
        alt="قارب أبيض خالٍ من الركاب عند رصيف تحت سماء رمادية.",
        caption="القارب «نسيم» عند رصيف مرفأ الرمل في 12 نوفمبر",
        credit="سلمى الخطيب/ديوان الأسبوع",
    )
    small = Picture(
        address=f"{site}pictures/well.jpg",
        width=1200,
        height=800,
        alt="بئر حجرية في ساحة قرية.",
        caption="بئر القرية بعد بيعها للمرة الثانية",
    )
    return publication(
        "ar",
        site,
        name="فصل الخطاب",
        publisher="ديوان الأسبوع",
        motto="ما جرى في المحاكم، صباح كل جمعة",
        postal_address="12 شارع الميناء، مرفأ الرمل",
    ), issue(
        lead=story(
            site,
            "boat",
            'القارب الذي لم يبحر يجب أن يُدفع ثمنه، والمحكمة تقول: "العقد لا يغرق"',
            "طلبت البلدية القارب في 3 مارس ثم ابتلع المدّ مرفأها فتوقفت عن السداد. ورأى القضاة بأغلبية 6 مقابل 3 أن "
            "الثمن، وهو 14 مليون دولار، لا يتبخر مع الرصيف.",
            kicker="عقود",
            picture=photo,
        ),
        sections=(
            Section(
                name="أخبار وطنية",
                stories=(
                    story(
                        site,
                        "census",
                        "هيئة الإحصاء قد تعدّ من لا تجدهم",
                        "قالت الأغلبية إن الشرفات الفارغة دليل هي الأخرى.",
                        picture=small,
                    ),
                    story(site, "dogs", "سعاة البريد يتقاضون أجر 11 دقيقة يوميًا في انتظار الكلاب"),
                    story(
                        site,
                        "names",
                        "Harbor Freight & Co. (US) تخسر دعوى الاسم أمام مقهى صغير",
                        "كتبت الشركة إلى press@harbor.example ولم يجبها أحد.",
                    ),
                ),
            ),
            Section(
                name="أخبار المحافظات",
                stories=(
                    story(
                        site, "goats", "الماعز على عشب المحكمة موظفون", "لها دوام، وتتلقى الأوامر.", place="وادي النخل"
                    ),
                    story(site, "fog", "الضباب ليس عذرًا", place="رأس الصخر"),
                ),
            ),
            Section(
                name="باختصار",
                form=Form.BRIEF,
                stories=(
                    story(site, "lift", "مصعد يقف عند كل طابق لا يخالف عقد الإيجار.", kicker="سكن"),
                    story(site, "owl", "بومة محنّطة على السطح ليست نظام حماية.", kicker="تأمين"),
                    story(site, "chess", "الشطرنج في الحديقة بلا ترخيص", "تكفيها ساعة واحدة، قال القاضي."),
                ),
            ),
            Section(
                name="رأي",
                form=Form.OPINION,
                stories=(
                    story(
                        site,
                        "comma",
                        "في مديح الفاصلة المنقوطة؛ ولو مرة",
                        "من يقف عندها يفكر.",
                        kicker="مقال",
                        byline="نادر الحلبي",
                    ),
                    story(site, "pause", "كم تساوي لحظة صمت في المحضر؟", byline="Dmitri Okafor"),
                ),
            ),
        ),
        note=Note(
            paragraphs=(
                "قارب، وبئر، وقطيع من الماعز. هذا أسبوع قالت فيه المحكمة إن الوعد الذي قُطع على رصيف يبقى وعدًا بعد أن "
                "يغرق الرصيف، وردّت دعوى من لا يعرف جاره.",
                "وفي الختام مقالتان قصيرتان عن الفواصل، اقرأهما على مهل.",
            ),
            signature="ليلى منصور",
            role="محررة «فصل الخطاب»",
        ),
        notice=Notice(text="تتغير شروط الخدمة في 1 ديسمبر.", link=f"{site}terms/", link_text="ما الجديد فيها"),
    )


WEEKS = {"es": spanish, "fr": french, "de": german, "ar": arabic}
