//! User names in logs, keys and folders, and births in tables.

use crate::found;

/// What is found of `label` in each text must be these values.
#[track_caller]
fn each(label: &str, examples: &[(&str, &[&str])]) {
    for (text, values) in examples {
        let of_label: Vec<_> =
            found(text).into_iter().filter(|(found, _)| *found == label).map(|(_, value)| value).collect();
        assert_eq!(of_label, *values, "{label} in {text:?}: {:?}", found(text));
    }
}

#[test]
fn logs_name_users() {
    each(
        "USERNAME",
        &[
            ("Invalid user tnakamura from 45.155.204.19 port 41822", &["tnakamura"]),
            ("Failed password for mhaddad from 203.91.4.77 port 50914 ssh2", &["mhaddad"]),
            ("Failed password for invalid user jkowalski from 185.220.101.47", &["jkowalski"]),
            ("Accepted publickey for annika from 81.227.16.201", &["annika"]),
            ("session opened for user klindqvist(uid=1004) by (uid=0)", &["klindqvist"]),
            ("sudo: klindqvist : TTY=pts/2 ; USER=root", &["klindqvist"]),
            ("FATAL: password authentication failed for user \"rmontero\"", &["rmontero"]),
            ("forbidden: User \"s.villanueva\" cannot get resource", &["s.villanueva"]),
            ("auth: login pbergstrom failed: 5 attempts", &["pbergstrom"]),
            ("logon failed for CORP\\d.ferrante", &["d.ferrante"]),
            ("331 Password required for dferrante\nbye dferrante", &["dferrante", "dferrante"]),
            ("uid=bkowalczyk,ou=people,dc=acme", &["bkowalczyk"]),
            ("Failed password for root from 203.91.4.77 port 50914 ssh2", &[]),
            ("Invalid user input from the form", &[]),
            ("the login failed for everybody", &[]),
            ("login attempt failed again", &[]),
            ("the field user \"email\" is required", &[]),
            ("fn getpriority_user(uid: Uid)", &[]),
            ("the user 'root' is not allowed", &[]),
        ],
    );
}

#[test]
fn keys_name_users() {
    each(
        "USERNAME",
        &[
            ("{\"userName\":\"m.haddad\",\"n\":1}", &["m.haddad"]),
            ("level=warn username=jwilkes attempt=3", &["jwilkes"]),
            ("user := \"ops_12\"", &["ops_12"]),
            ("Account Name:\t\tasokolova\n", &["asokolova"]),
            ("username: jwilkes\n", &["jwilkes"]),
            ("{\"username\": \"string\"}", &[]),
            ("{\"username\": \"test_user\"}", &[]),
            ("def f(username=username, x=1)", &[]),
            ("username: String!", &[]),
            ("username varchar(64) NOT NULL", &[]),
            ("LOGON: u32 = 1", &[]),
            ("user := getUser(ctx)", &[]),
            ("{\"user_id\":\"user_2mVbK8sLq4RtY7nZc1WdF9gHjPx\"}", &[]),
        ],
    );
}

#[test]
fn home_folders_name_their_owners() {
    each(
        "USERNAME",
        &[
            ("in /home/aoduya/x.py", &["aoduya"]),
            ("C:\\Users\\p.okafor\\AppData", &["p.okafor"]),
            ("/Users/ingridholm/dev", &["ingridholm"]),
            ("/home/ubuntu/app and /home/www-data/html and /home/runner/work", &[]),
            ("C:\\Users\\Administrator\\x and C:\\Users\\Public", &[]),
        ],
    );
}

#[test]
fn births_stand_in_cards_and_columns_and_not_in_schemas() {
    each(
        "DOB",
        &[
            ("BDAY:19790214", &["19790214"]),
            ("{\"birthDate\":\"1974-12-25\"}", &["1974-12-25"]),
            ("born on 4 July 1976", &["4 July 1976"]),
            ("id,dob,since\n1,1987-03-14,2026-01-05\n2,1991-12-02,2026-01-07\n", &["1987-03-14", "1991-12-02"]),
            ("date_of_birth date DEFAULT '1970-01-01'", &[]),
            ("birthDate:\n  type: string\n  format: date\n  example: 1990-01-01", &[]),
            ("REV:20260211", &[]),
        ],
    );
}
