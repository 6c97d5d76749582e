//! Words that announce what stands beside them: `card`, `ssn`, `passport`, `born`. A number without a checksum counts only
//! beside such a word.
//!
//! To add a word, append it to its line in [`WORDS`]. A word may stand in several lines; it then announces each of them.
//! The words of other languages in Latin script are in [`languages`]; those of other scripts are in `native::words`.

pub(super) mod languages;

/// A set of announcements, a bit each.
pub(crate) type Triggers = u64;

pub(crate) const PHONE: Triggers = 1;
pub(crate) const CARD: Triggers = 1 << 1;
pub(crate) const BANK: Triggers = 1 << 2;
pub(crate) const SSN: Triggers = 1 << 3;
pub(crate) const TAX: Triggers = 1 << 4;
pub(crate) const NATIONAL: Triggers = 1 << 5;
pub(crate) const PASSPORT: Triggers = 1 << 6;
pub(crate) const DRIVER: Triggers = 1 << 7;
pub(crate) const PLATE: Triggers = 1 << 8;
pub(crate) const VIN: Triggers = 1 << 9;
pub(crate) const HEALTH: Triggers = 1 << 10;
pub(crate) const MRN: Triggers = 1 << 11;
pub(crate) const DEVICE: Triggers = 1 << 12;
pub(crate) const BIRTH: Triggers = 1 << 13;
pub(crate) const ADDRESS: Triggers = 1 << 14;
pub(crate) const USER: Triggers = 1 << 15;
pub(crate) const PASSWORD: Triggers = 1 << 16;
pub(crate) const SECRET: Triggers = 1 << 17;
pub(crate) const WALLET: Triggers = 1 << 18;
pub(crate) const MAC: Triggers = 1 << 19;
pub(crate) const COORD: Triggers = 1 << 20;
/// `Mr`, `Dr`: a name follows.
pub(crate) const TITLE: Triggers = 1 << 21;
/// `Dear`, `Hi`, `Sincerely`: a name follows.
pub(crate) const GREETING: Triggers = 1 << 22;
/// `name`, `owner`: a name follows after `:` or `=`.
pub(crate) const NAME: Triggers = 1 << 23;
/// `patient`, `customer`: a name may follow at once.
pub(crate) const ROLE: Triggers = 1 << 24;
/// `Street`, `Ave`: the last word of a street's name.
pub(crate) const STREET: Triggers = 1 << 25;
/// `Rue`, `Via`, `Calle`: the first word of a street's name.
pub(crate) const STREET_BEFORE: Triggers = 1 << 26;
/// `Suite`, `Apt`: a part of an address.
pub(crate) const UNIT: Triggers = 1 << 27;
/// The name of a month.
pub(crate) const MONTH: Triggers = 1 << 28;
/// `version`, `release`, `section`: the number beside it is a version, not an IP address or an id.
pub(crate) const VERSION: Triggers = 1 << 29;
/// Words that are capitalised at the start of a sentence or after a first name, and are no family name.
pub(crate) const NOT_NAME: Triggers = 1 << 30;
/// `number`, `no`, `code`: often the last word of an announcement.
pub(crate) const NUMBER: Triggers = 1 << 31;
/// `order`, `invoice`, `ticket`: the number beside it belongs to a thing, not to a person.
pub(crate) const HARMLESS: Triggers = 1 << 32;
/// `licence`: weak, because it is a driver's or a software's.
pub(crate) const LICENSE: Triggers = 1 << 33;
/// `account`: weak, because it is a bank's or a web site's.
pub(crate) const ACCOUNT: Triggers = 1 << 34;
/// `insurance`, `policy`.
pub(crate) const INSURANCE: Triggers = 1 << 35;
/// Words that names of persons stand beside in prose: `by`, `friend`, `brother`.
pub(crate) const BY: Triggers = 1 << 36;
/// `at`, `in`, `on`, `to`: a place may follow.
pub(crate) const PLACE: Triggers = 1 << 37;
/// Words that a company's or an institution's name ends with.
pub(crate) const COMPANY: Triggers = 1 << 38;
/// Words that nearly always have a name beside them: `said Jane`, `starring Jane Doe`.
pub(crate) const SPEAKS: Triggers = 1 << 39;
/// `zip`, `postcode`.
pub(crate) const ZIP: Triggers = 1 << 40;
/// The `at` of an e-mail address in words: `jane at example dot com`.
pub(crate) const AT: Triggers = 1 << 41;
/// `curl`, `mysql`, `sshpass`: commands that take a password as an argument.
pub(crate) const COMMAND: Triggers = 1 << 42;
/// The first word of SQL's `IDENTIFIED BY` and `WITH PASSWORD`.
pub(crate) const IDENTIFIED: Triggers = 1 << 43;
/// The folders that hold the users' home folders.
pub(crate) const HOMES: Triggers = 1 << 44;
/// The top-level domains of services on which persons have profiles.
pub(crate) const PROFILES: Triggers = 1 << 45;
/// `PuTTY`.
pub(crate) const PUTTY: Triggers = 1 << 46;
/// Words of court files, which are about persons.
pub(crate) const LEGAL: Triggers = 1 << 47;
/// Words of a text about nobody real.
pub(crate) const FICTION: Triggers = 1 << 48;
/// Words that ask for a piece of work: `write`, `summarize`.
pub(crate) const TASK: Triggers = 1 << 49;
/// The name of a country, or its last word.
pub(crate) const COUNTRY: Triggers = 1 << 50;
/// Titles after which any capitalised word may be a name: `Captain`, `DJ`.
pub(crate) const RANK: Triggers = 1 << 51;
/// The last word of what ends a letter in other languages than English: `Grüßen`, `Cordialement`. The writer's name follows.
pub(crate) const SIGN_OFF: Triggers = 1 << 52;
/// Verbs and nouns with which somebody says in other languages than English who one is: `heiße`, `llamo`, `naam`.
pub(crate) const SELF: Triggers = 1 << 53;
/// Greetings of other languages than English: `Kære`, `Estimada`, `Szanowny`.
pub(crate) const SALUTATION: Triggers = 1 << 54;
/// Forms of address that are written in small letters: `mevrouw`, `signora`, `pani`.
pub(crate) const FORM_OF_ADDRESS: Triggers = 1 << 55;
/// Verbs of other languages than English that ask for a piece of work: `fasse`, `resume`, `napisz`.
pub(crate) const TASK_ABROAD: Triggers = 1 << 56;
/// `ap`, `lgh`, `int`: a part of an address in other languages than English, which counts only right behind a house number.
pub(crate) const FLAT: Triggers = 1 << 57;
/// Words for an address, and verbs for living somewhere: a street follows.
pub(crate) const RESIDES: Triggers = 1 << 58;

/// How many announcements there are. The bits from here on are those of [`WordLists`](super::word_lists::WordLists).
pub(super) const COUNT: u32 = 59;

/// Words that finders only meet around something else. No finder starts from them, so the lexer keeps no list of them.
const CONTEXT_ONLY: Triggers = NOT_NAME
    | NUMBER
    | HARMLESS
    | VERSION
    | COMPANY
    | MONTH
    | PLACE
    | PHONE
    | CARD
    | BANK
    | TAX
    | NATIONAL
    | PASSPORT
    | DRIVER
    | PLATE
    | VIN
    | HEALTH
    | MRN
    | DEVICE
    | WALLET
    | MAC
    | COORD
    | LICENSE
    | ACCOUNT
    | INSURANCE
    | TASK
    | TASK_ABROAD
    | COUNTRY
    | FLAT
    | RANK;
/// Words that a person's name stands beside.
pub(crate) const BESIDE_NAMES: Triggers = TITLE | GREETING | NAME | ROLE | BY | SPEAKS;
/// Words from which finders look for something other than a name.
pub(crate) const LOOKED_FROM: Triggers = !(CONTEXT_ONLY | BESIDE_NAMES) & ((1 << COUNT) - 1);

/// Words of which any makes a number that is dialled something other than a phone number.
pub(crate) const OTHER_THAN_PHONE: Triggers = CONTEXT_ONLY & !(NUMBER | TASK_ABROAD | NOT_NAME | PLACE | FLAT | MONTH);

pub(super) const WORDS: &[(Triggers, &str)] = &[
    (
        PHONE,
        "phone phones telephone tel mobile mobil cell cellphone fax whatsapp sms call dial ring handy telefon telefono \
             téléphone telefone portable móvil movil celular viber telefonnummer rufnummer phonenumber mob landline \
             tlf puhelin tfno hotline msisdn voicemail",
    ),
    (
        CARD,
        "card cards creditcard cc visa mastercard amex debit kreditkarte tarjeta carte pan discover cardnumber maestro \
            ccnum cardno",
    ),
    (
        BANK,
        "routing aba sortcode bank banking iban checking savings konto kontonummer blz bankleitzahl compte cuenta bsb swift \
            wire micr beneficiary acct rtn accountnumber",
    ),
    (ACCOUNT, "account"),
    (SSN, "ssn social ssns itin sin"),
    (
        TAX,
        "tax tin vat ein itin taxpayer steuer steuernummer steuerid steueridentifikationsnummer nif cif nit rfc cuit cuil \
           cnpj pan gstin gst ird abn acn tfn inn utr oib nip afm rut cedula ust ustid ustidnr umsatzsteuer siren siret tva brn orgnum orgnummer \
           partita piva iva business company organisationsnummer orgnr organization fiscal fiscale moms mva alv dic ico \
           kvk handelsregister hrb itr vkn vergi npwp bir steuernr",
    ),
    (
        NATIONAL,
        "national identity citizen identification nino nin aadhaar aadhar uidai pesel cnp cpf dni nie curp bsn nir cf \
                codice personnummer personal fodselsnummer cpr hetu henkilotunnus egn jmbg emso oib rrn jumin nric fin \
                hkid mykad nik ktp rodne rodné tckn kimlik tc ahv avs personalausweis ausweis idnr snils amka cedula rut \
                kennitala isikukood asmens kodas mynumber voter sin nas insee sozialversicherungsnummer svnr rvnr \
                sozialversicherung ssn id ids resident registration nas kimlik ghana pps ppsn samordningsnummer cni \
                residence citizenship kişi epic svn nrn rijksregister pnr rrn frn",
    ),
    (
        PASSPORT,
        "passport passports pass passeport pasaporte reisepass reisepasse passaporto passnummer paspoort pasaport",
    ),
    (
        DRIVER,
        "driver drivers driving dl dlnumber dvla führerschein fuhrerschein permis permiso patente conducir ehliyet license",
    ),
    (LICENSE, "licence license lic"),
    (
        PLATE,
        "plate plates registration vehicle vehicles plakası plakasi reg kennzeichen matricula matrícula targa plaka numberplate car vrn regno immatriculation",
    ),
    (VIN, "vin chassis fahrgestellnummer vehicle"),
    (
        HEALTH,
        "npi dea nhs mbi medicare health medical insurance medicaid hin patient krankenversicherung kvnr kvnummer provider \
              prescriber physician doctor beneficiary hicn versichertennummer lanr bsnr betriebsstattennummer arztnummer",
    ),
    (INSURANCE, "insurance policy insured member subscriber"),
    (MRN, "mrn chart"),
    (DEVICE, "imei imsi iccid meid device serial udid esn"),
    (
        BIRTH,
        "dob born birth birthday birthdate bday d.o.b geburtsdatum geboren nacimiento nacido nacida naissance née né nato nata \
             nascita nascimento nascido födelsedatum dateofbirth birthdate",
    ),
    (
        ADDRESS,
        "address addresses addr lives live living lived residing resides moved anschrift adresse direccion dirección \
               indirizzo adres endereço taxi shipping delivery billing deliver sent mail located office restaurant \
               where location station meet home house residence street road return",
    ),
    (USER, "user username userid login handle uname usr screenname nickname account"),
    (
        PASSWORD,
        "password passwd pwd passcode passphrase passwort contraseña senha mdp pin kennwort pass contrasena wachtwoord \
                parola haslo hasło passe cvv cvc cvv2 cvc2 пароль",
    ),
    (SECRET, "secret token apikey key credential credentials bearer auth authorization access"),
    (
        WALLET,
        "wallet btc bitcoin eth ethereum crypto address litecoin ltc doge monero xmr solana tron usdt ripple xrp cardano",
    ),
    (MAC, "mac bssid ethernet bluetooth"),
    (COORD, "lat latitude lon lng long longitude gps coord coords coordinate coordinates location position geo"),
    (
        TITLE,
        "mr mrs ms miss dr prof professor sir madam mme mlle monsieur madame herr frau señor señora senor senora sr sra hon \
             judge officer agent attorney detective nurse rn",
    ),
    (
        TITLE | RANK,
        "president senator governor colonel captain coach sheriff congressman congresswoman chancellor lil dj",
    ),
    (
        GREETING,
        "dear hi hello hey hallo hola bonjour ciao sincerely regards cheers thanks thank thx signed yours salut liebe lieber \
          bye goodbye congrats congratulations",
    ),
    (
        NAME,
        "name names fullname firstname lastname surname username owner author contact attn recipient sender from to cc bcc \
            witness signed signature manager employee plaintiff defendant patient customer client pt re holder nombre nom \
            attending provider physician applicant signer cardholder beneficiary prepared signedby assignee reporter \
            requester approver guardian parent spouse",
    ),
    (
        ROLE,
        "patient customer client plaintiff defendant employee user member applicant agent contact witness judge attorney \
            student resident guest tenant borrower holder petitioner respondent officer provider nurse for by between \
            alert deposition against",
    ),
    (
        STREET,
        "street st avenue ave road rd boulevard blvd lane ln drive dr court ct place pl way terrace ter circle cir \
              trail trl parkway pkwy highway hwy square sq alley crescent cres close grove mews row walk strasse straße str \
              gasse weg platz allee straat laan vägen vagen gatan gata gade vej veien gaten katu tie utca út ulica plaza \
              turnpike esplanade quay wharf parade broadway bridge loop",
    ),
    (
        STREET_BEFORE,
        "rue via calle avenida av rua piazza viale corso chemin place allée carrer ulica ul boulevard travessa \
                     largo praça camino paseo plaza cours quai impasse strada vicolo bd avda estrada rodovia jalan jl",
    ),
    (UNIT, "apt apartment suite ste unit floor flat room bldg building box"),
    (
        MONTH,
        "january february march april may june july august september october november december jan feb mar apr jun jul \
             aug sep sept oct nov dec",
    ),
    (VERSION, "version versions ver v release firmware build chapter section table figure fig clause oid revision rev"),
    (NUMBER, "number num no nr nbr numero número numéro nummer code"),
    (
        HARMLESS,
        "order invoice ticket issue pr commit build tracking sku isbn issn doi page line row port year total price \
                amount model part serial version batch",
    ),
    (
        BY,
        "by friend brother sister husband wife mother father son daughter uncle aunt cousin boss colleague featuring feat \
          congrats",
    ),
    (
        SPEAKS,
        "said says starring zombie maiden nee aka commenter producer singer actor actress guitarist replied whispered shouted calls",
    ),
    (
        FICTION,
        "poem poems story fanfic fanfiction fictional fictitious protagonist haiku narration screenplay script limerick rap",
    ),
    (
        TASK,
        "write writing summarize summarise summary give generate translate create explain describe compose rewrite classify extract \
          implement list suggest convert paraphrase identify design develop provide analyze analyse draft outline propose \
          brainstorm imagine pretend edit complete categorize fill choose following given",
    ),
    (
        COUNTRY,
        "afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan bahamas bahrain bangladesh barbados \
          belarus belgium belize benin bermuda bhutan bolivia herzegovina botswana brazil bulgaria burundi cambodia cameroon canada chad \
          chile china colombia congo croatia cuba cyprus czechia denmark djibouti ecuador egypt estonia ethiopia fiji finland france gabon \
          gambia germany ghana greece greenland guatemala guinea guyana haiti honduras hungary iceland india indonesia iran iraq ireland \
          israel italy jamaica japan kazakhstan kenya kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya liechtenstein lithuania \
          luxembourg madagascar malawi malaysia maldives mali malta mauritania mauritius mexico moldova monaco mongolia montenegro morocco \
          mozambique myanmar namibia nepal netherlands nicaragua niger nigeria macedonia norway oman pakistan palau panama paraguay peru \
          philippines poland portugal qatar romania russia rwanda samoa senegal serbia seychelles singapore slovakia slovenia somalia \
          spain sudan suriname swaziland sweden switzerland syria taiwan tajikistan tanzania thailand togo tonga tunisia turkey \
          turkmenistan tuvalu uganda ukraine uruguay uzbekistan vanuatu venezuela vietnam yemen zambia zimbabwe africa zealand kingdom \
          states arabia lanka rica leone korea republic islands emirates verde faso timor usa uk deutschland österreich schweiz españa \
          italia nederland danmark sverige norge suomi polska brasil",
    ),
    (
        NAME,
        "givenname familyname middlename maidenname legalname realname customername contactname patientname clientname employeename \
              guestname passengername recipientname sendername holdername cardholdername accountholder ownername studentname \
              teachername parentname guardianname spousename billingname shippingname vorname nachname familienname \
              geburtsname prenom prénom nomdefamille apellido apellidos nombres cognome nome sobrenome imie imię nazwisko jmeno \
              jméno prijmeni příjmení keresztnev vezeteknev név voornaam achternaam naam fornavn etternavn efternavn navn \
              fornamn förnamn efternamn namn etunimi sukunimi nimi adı soyad soyadi soyadı isim cn fname lname",
    ),
    (
        NOT_NAME,
        "eltern kolleginnen kollegen damen herren freunde freundinnen kunden mitglieder nachbarn alle gäste parents friends \
                  colleagues members neighbours neighbors customers students guests residents tenants applicants recruiter hiring \
                  support admin administrator community reader readers subscribers diary santa collègues amis clients todos \
                  amigos amigas beste buna quero jina dia maxi guest visitor equipo estimados señores compañeros colleghi amici tutti bot human assistant",
    ),
    (LEGAL, "plaintiff plaintiffs deposition"),
    (AT, "at arroba"),
    (
        PLATE,
        "rejestracyjny rejestracyjna rejestracyjne tablice kenteken immatricule immatriculee plaque rendszam spz nummerplade regskylt placa",
    ),
    (NATIONAL, "dowod osobisty osobistego"),
    (TAX, "regon rnokpp ruc rif"),
    // What logs of access begin a message with.
    (USER, "sudo publickey pam logon"),
    // Commands that take a password as an argument.
    (
        COMMAND,
        "curl sshpass mysql mysqldump mysqladmin mariadb redis docker podman mongosh mongodump mongorestore ldapsearch sqlcmd plink psexec smbclient",
    ),
    (IDENTIFIED, "identified with"),
    (HOMES, "home users"),
    (PROFILES, "com me io net"),
    (PUTTY, "putty"),
    (ZIP, "zip postal postcode zipcode plz cep eircode pincode"),
    (PLACE, "at in on to is lives near from"),
    (
        COMPANY,
        "inc ltd llc gmbh corp corporation company co plc ag university college hospital school bank group industries \
               systems foundation institute church park museum airport island county city award awards prize theorem \
               hall stadium center centre library lake river mountain beach bay hotel band orchestra cup league club \
               solutions enterprises technologies labs partners associates services holdings media studios records",
    ),
    (
        NOT_NAME,
        "i the a an and or but if then is are was were be been it its he she they we you who what when where why how \
                this that these those there here not no yes please thanks thank can could would should will do does did \
                has have had my your our his her their for from with without into onto of on in at to by as so than \
                monday tuesday wednesday thursday friday saturday sunday january february march april june july \
                august september october november december english spanish french german italian chinese japanese \
                american british indian russian canadian european african asian latin greek roman arabic \
                america europe asia africa australia england france germany italy spain china japan india russia canada \
                north south east west northern southern eastern western new old great united states kingdom \
                email phone address date name ssn note notes description title type value status id url api json html \
                python java javascript kotlin swift rust code write create generate explain describe list make give \
                show tell find use using provide summarize translate compare answer question questions day week year \
                month time today tomorrow yesterday morning night happy merry christmas easter jr version company \
                dear hi hello hey good sir very much also just now all any some one two three four five six seven eight \
                nine ten first second third last next let get got go going come see look think know want need like love \
                only about after before because while during until since over under between against god lord king queen \
                church christ jesus bible street road avenue model test case law theory theorem method function class \
                world there team everyone everybody folks guys fans customer madam google siri alexa chatgpt gpt claude \
                data system systems sid algorithm equation effect prize award cup bowl league university college school",
    ),
];
