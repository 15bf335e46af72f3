-- Both snapshots joined on the e-mail address, the 18 other values compared as one list, what differs unnested.
COPY (
  WITH hub AS (
    SELECT lower(email.value) AS email,
      [list_extract(list_filter(identifications.value, i -> i.type = 'national' AND i.country = 'FI'), 1).value,
       givenName.value, familyName.value, phone.value, birthDate.value, nationality.value, lower(gender.value),
       homeAddress.value.line1, homeAddress.value.city, homeAddress.value.postalCode, homeAddress.value.country,
       bankAccount.value.iban, bankAccount.value.bic, employmentId.value,
       list_min(list_transform(positions, p -> p.contractStartDate.value)),
       last_one.title.value.name, last_one.probationEndDate.value, last_one.contractEndDate.value] AS "values"
    FROM (SELECT *, list_extract(list_sort(list_transform(positions, p -> {
            'ends': coalesce(p.contractEndDate.value, '9999-99-99'), 'starts': p.contractStartDate.value, 'p': p})), -1).p
            AS last_one
          FROM read_ndjson('{hub}', columns = {
            email: 'STRUCT(value VARCHAR)', givenName: 'STRUCT(value VARCHAR)', familyName: 'STRUCT(value VARCHAR)',
            phone: 'STRUCT(value VARCHAR)', birthDate: 'STRUCT(value VARCHAR)', gender: 'STRUCT(value VARCHAR)',
            nationality: 'STRUCT(value VARCHAR)', employmentId: 'STRUCT(value VARCHAR)',
            homeAddress: 'STRUCT(value STRUCT(line1 VARCHAR, city VARCHAR, postalCode VARCHAR, country VARCHAR))',
            identifications: 'STRUCT(value STRUCT(type VARCHAR, country VARCHAR, value VARCHAR)[])',
            bankAccount: 'STRUCT(value STRUCT(iban VARCHAR, bic VARCHAR))',
            positions: 'STRUCT(title STRUCT(value STRUCT(name VARCHAR)), contractStartDate STRUCT(value VARCHAR),
              contractEndDate STRUCT(value VARCHAR), probationEndDate STRUCT(value VARCHAR))[]' }))
  ), provider AS (
    SELECT nullif(lower(b.email), '') AS email,
      list_transform([b.employeeidentifier, b.firstname, b.lastname, b.phonenumber, b.dateofbirth, b.nationality, b.gender,
       b.streetaddress, b.city, b.postnumber, b.country, b.bankaccountnumber, b.bankidentificationcode, b.employeenumber,
       list_min(list_transform(employmentperiods, p -> p.startdate)),
       last_one.profession, last_one.probationenddate, last_one.enddate], v -> nullif(v, '')) AS "values"
    FROM (SELECT employeebaseinformation AS b, employmentperiods,
            list_extract(list_sort(list_transform(employmentperiods, p -> {
              'ends': coalesce(nullif(p.enddate, ''), '9999-99-99'), 'starts': p.startdate, 'p': p})), -1).p AS last_one
          FROM read_ndjson('{provider}', columns = {
            employeebaseinformation: 'STRUCT(email VARCHAR, employeeidentifier VARCHAR, firstname VARCHAR, lastname VARCHAR,
              phonenumber VARCHAR, dateofbirth VARCHAR, nationality VARCHAR, gender VARCHAR, streetaddress VARCHAR,
              city VARCHAR, postnumber VARCHAR, country VARCHAR, bankaccountnumber VARCHAR,
              bankidentificationcode VARCHAR, employeenumber VARCHAR)',
            employmentperiods: 'STRUCT(startdate VARCHAR, profession VARCHAR, probationenddate VARCHAR, enddate VARCHAR)[]' }))
  ), joined AS MATERIALIZED (
    SELECT coalesce(hub.email, provider.email) AS email, hub."values" AS ours, provider."values" AS theirs
    FROM hub FULL JOIN provider ON hub.email = provider.email WHERE hub."values" IS DISTINCT FROM provider."values"
  ), names AS (
    SELECT i, ['Identifications', 'Given name', 'Family name', 'Phone number', 'Date of birth', 'Nationality', 'Gender',
      'Street', 'City', 'Postal code', 'Country', 'Account', 'BIC', 'Employment ID', 'Start date', 'Job title',
      'Probation end', 'End date'][i] AS label FROM range(1, 19) r(i)
  )
  SELECT email, CASE WHEN ours IS NULL THEN 'only_provider' ELSE 'only_hub' END AS kind, NULL AS field, NULL AS hub,
    NULL AS provider
  FROM joined WHERE ours IS NULL OR theirs IS NULL
  UNION ALL
  SELECT email, CASE WHEN ours[i] IS NULL THEN 'missing_in_hub' WHEN theirs[i] IS NULL THEN 'missing_in_provider'
    ELSE 'conflict' END, label, ours[i], theirs[i]
  FROM joined, names WHERE ours IS NOT NULL AND theirs IS NOT NULL AND ours[i] IS DISTINCT FROM theirs[i]
) TO '{out}' (FORMAT json, USE_TMP_FILE false);
