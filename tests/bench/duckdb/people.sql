-- As reconcile.sql, for the people of tools/bench --people.
COPY (
  WITH hub AS (
    SELECT lower(email) AS email,
      list_transform([givenName, familyName, phone, birthDate, employmentId, nationality,
        CASE gender WHEN 'male' THEN 'MALE' WHEN 'female' THEN 'FEMALE' END,
        address.street, address.city, address.postalCode, address.country, bankAccount.number, bankAccount.bic,
        list_min(list_transform(positions, p -> nullif(p.contractStart, '')))], v -> nullif(v, '')) AS "values"
    FROM read_ndjson('{hub}', columns = {
      email: 'VARCHAR', givenName: 'VARCHAR', familyName: 'VARCHAR', phone: 'VARCHAR', birthDate: 'VARCHAR',
      employmentId: 'VARCHAR', nationality: 'VARCHAR', gender: 'VARCHAR',
      address: 'STRUCT(street VARCHAR, city VARCHAR, postalCode VARCHAR, country VARCHAR)',
      bankAccount: 'STRUCT(number VARCHAR, bic VARCHAR)', positions: 'STRUCT(contractStart VARCHAR)[]' })
  ), provider AS (
    SELECT lower(b.email) AS email,
      list_transform([b.firstname, b.lastname, b.phonenumber, b.dateofbirth, payroll.employeenumber, b.nationality,
        b.gender, b.streetaddress, b.municipality, b.postnumber, b.country, b.bankaccountnumber,
        b.bankidentificationcode, list_min(list_transform(periods, p -> nullif(p.startdate, '')))],
        v -> nullif(v, '')) AS "values"
    FROM (SELECT employeebaseinformation AS b, employeepayrollinformation AS payroll, employementperiods AS periods
      FROM read_ndjson('{provider}', columns = {
        employeebaseinformation: 'STRUCT(email VARCHAR, firstname VARCHAR, lastname VARCHAR, phonenumber VARCHAR,
          dateofbirth VARCHAR, nationality VARCHAR, gender VARCHAR, streetaddress VARCHAR, municipality VARCHAR,
          postnumber VARCHAR, country VARCHAR, bankaccountnumber VARCHAR, bankidentificationcode VARCHAR)',
        employeepayrollinformation: 'STRUCT(employeenumber VARCHAR)',
        employementperiods: 'STRUCT(startdate VARCHAR)[]' }))
  ), joined AS MATERIALIZED (
    SELECT coalesce(hub.email, provider.email) AS email, hub."values" AS ours, provider."values" AS theirs
    FROM hub FULL JOIN provider ON hub.email = provider.email WHERE hub."values" IS DISTINCT FROM provider."values"
  ), names AS (
    SELECT i, ['firstname', 'lastname', 'phonenumber', 'dateofbirth', 'employeenumber', 'nationality', 'gender',
      'streetaddress', 'municipality', 'postnumber', 'country', 'bankaccountnumber', 'bankidentificationcode',
      'startdate'][i] AS label FROM range(1, 15) r(i)
  )
  SELECT email, CASE WHEN ours IS NULL THEN 'only_provider' ELSE 'only_hub' END AS kind, NULL AS field, NULL AS hub,
    NULL AS provider
  FROM joined WHERE ours IS NULL OR theirs IS NULL
  UNION ALL
  SELECT email, CASE WHEN ours[i] IS NULL THEN 'missing_in_hub' WHEN theirs[i] IS NULL THEN 'missing_in_provider'
    ELSE 'conflict' END, label, ours[i], theirs[i]
  FROM joined, names WHERE ours IS NOT NULL AND theirs IS NOT NULL AND ours[i] IS DISTINCT FROM theirs[i]
) TO '{out}' (FORMAT json, USE_TMP_FILE false);
